"""Speech by Amazon Polly: `synthesiser` is the port, `marks` says when each word is spoken."""

from runtime.adapters.aws.polly.synthesiser import PollySynthesiser

__all__ = ["PollySynthesiser"]
