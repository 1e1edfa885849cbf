package org.elasticmq.util;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** The milliseconds that a test writes into a file, as what System and OffsetDateTime would say. */
public final class Instants {
    private static final LongBuffer MILLIS = open(Path.of(System.getProperty("clock")));
    private static final AtomicLong LOOKS = new AtomicLong();

    private static LongBuffer open(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, Long.BYTES).asLongBuffer();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    public static long currentTimeMillis() {
        return MILLIS.get(0);
    }

    /** Later each time by a nanosecond: what happens within a millisecond has an order. */
    public static OffsetDateTime now() {
        long nanos = LOOKS.incrementAndGet() % 1_000_000;
        return OffsetDateTime.ofInstant(Instant.ofEpochMilli(currentTimeMillis()).plusNanos(nanos), ZoneOffset.UTC);
    }
}
