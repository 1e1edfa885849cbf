"""Long-term memory in OpenSearch: one document a record, routed by its user, scored as on the laptop.

`connection` is how it is called, `index` what it is made of, `names` what keeps people apart in it, `records` are its
documents, `windows` what stands around one, `writing` how several change together. `questions` are what a cue asks,
`scoring` and `candidates` what the answers are worth. `memories`, `vectors`, `traces` and `medium` are the ports.
"""

from runtime.adapters.aws.search.connection import Access, open_client
from runtime.adapters.aws.search.index import Index
from runtime.adapters.aws.search.medium import OpenSearchMedium
from runtime.adapters.aws.search.memories import OpenSearchMemories
from runtime.adapters.aws.search.traces import OpenSearchTraces

__all__ = ["Access", "Index", "OpenSearchMedium", "OpenSearchMemories", "OpenSearchTraces", "open_client"]
