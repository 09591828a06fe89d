package io.cachewire.embedded;

import io.cachewire.embedded.TextCommands.Retrieval;
import java.util.ArrayList;
import java.util.List;

/** The reply of a classic retrieval, held back until its last key is read. */
final class Hits {
    private final Retrieval retrieval;
    private final List<String> headers = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();

    Hits(Retrieval retrieval) {
        this.retrieval = retrieval;
    }

    Retrieval retrieval() {
        return retrieval;
    }

    void add(Item item) {
        headers.add("VALUE " + item.key + " " + Integer.toUnsignedString(item.flags) + " " + item.value.length
                + (retrieval.showsCas() ? " " + Long.toUnsignedString(item.cas) : "") + "\r\n");
        values.add(item.value);
    }

    void writeTo(Session session) {
        for (int i = 0; i < headers.size(); i++) {
            session.write(headers.get(i));
            session.write(values.get(i));
            session.write("\r\n");
        }
        session.write("END\r\n");
    }
}
