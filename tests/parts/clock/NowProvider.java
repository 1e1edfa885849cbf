package org.elasticmq.util;

import java.time.OffsetDateTime;

/** Stands in the place of ElasticMQ's own class of this name. */
public class NowProvider {
    public long nowMillis() {
        return Instants.currentTimeMillis();
    }

    public OffsetDateTime now() {
        return Instants.now();
    }
}
