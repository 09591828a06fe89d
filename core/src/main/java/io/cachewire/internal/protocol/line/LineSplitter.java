package io.cachewire.internal.protocol.line;

import io.cachewire.internal.protocol.Limits;
import io.cachewire.internal.protocol.MalformedReply;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a stream into lines, which end with LF or, as most do, with CRLF: dumps and logs of memcached have both. Not
 * thread-safe. A line without an end takes no more memory than {@link Limits#DEFAULT_LINE_BYTES}.
 */
public final class LineSplitter {
    private byte[] kept = new byte[256];
    private int length;

    /** At the begin of a stream. */
    public LineSplitter() {}

    /**
     * Adds the lines that end in these bytes, without their ends.
     *
     * @throws MalformedReply when a line is too long; the stream is of no use then
     */
    public void feed(byte[] bytes, int count, List<String> lines) throws MalformedReply {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, from, i);
                from = i + 1;
                int end = length > 0 && kept[length - 1] == '\r' ? length - 1 : length;
                lines.add(new String(kept, 0, end, StandardCharsets.UTF_8));
                length = 0;
            }
        }
        keep(bytes, from, count);
    }

    private void keep(byte[] bytes, int from, int to) throws MalformedReply {
        int needed = length + to - from;
        if (needed > Limits.DEFAULT_LINE_BYTES) {
            throw new MalformedReply("no line end in " + Limits.DEFAULT_LINE_BYTES + " bytes");
        }
        if (needed > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(needed, 2 * kept.length));
        }
        System.arraycopy(bytes, from, kept, length, to - from);
        length = needed;
    }
}
