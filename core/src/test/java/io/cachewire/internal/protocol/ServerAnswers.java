package io.cachewire.internal.protocol;

import static io.cachewire.internal.protocol.ReplyReading.block;
import static io.cachewire.internal.protocol.Requests.server;

import io.cachewire.internal.protocol.DialectContractTest.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Answers to server commands, and garbage, that both line dialects share. */
public final class ServerAnswers {
    public static final List<Answer> LIST = List.of(
            new Answer(server(Opcode.VERSION, ""), 4, block("VERSION 1.6.18\r\n"), version("1.6.18")),
            new Answer(server(Opcode.VERSION, ""), 4, block("VERSION\r\n"), version("")),
            new Answer(
                    server(Opcode.STATS, ""),
                    4,
                    block("STAT pid 6100\r\nSTAT libevent 2.1.12-stable\r\nSTAT empty \r\n"
                            + "STAT bare\r\nSTAT text a b\r\nEND\r\n"),
                    stats("pid", "6100", "libevent", "2.1.12-stable", "empty", "", "bare", "", "text", "a b")),
            new Answer(
                    server(Opcode.STATS, "detail dump"),
                    4,
                    block("PREFIX a get 0 hit 0 set 1 del 0\r\nEND\r\n"),
                    stats("a", "get 0 hit 0 set 1 del 0")),
            new Answer(
                    server(Opcode.STATS, "cachedump 1 1"),
                    4,
                    block("ITEM k [2 b; 0 s]\r\nEND\r\n"),
                    stats("k", "[2 b; 0 s]")),
            new Answer(server(Opcode.STATS, "items"), 4, block("END\r\n"), status(Reply.Kind.END)),
            new Answer(server(Opcode.STATS, "reset"), 4, block("RESET\r\n"), status(Reply.Kind.RESET)),
            new Answer(server(Opcode.STATS, "detail on"), 4, block("OK\r\n"), status(Reply.Kind.OK)),
            new Answer(server(Opcode.FLUSH_ALL, "10"), 4, block("OK\r\n"), status(Reply.Kind.OK)),
            new Answer(server(Opcode.VERBOSITY, "1"), 4, block("OK\r\n"), status(Reply.Kind.OK)));

    private ServerAnswers() {}

    private static Reply version(String text) {
        return new Reply.Line(Reply.Kind.VERSION, text);
    }

    private static Reply status(Reply.Kind kind) {
        return new Reply.Status(kind, Reply.NO_OPAQUE);
    }

    public static Reply stats(String... namesAndValues) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            lines.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Reply.Stats(lines);
    }

    /** Bytes that are no reply in either dialect, and those given. */
    public static List<byte[]> garbageAnd(String... more) {
        Stream<String> common = Stream.of(
                "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
                "\u0015\u0003\u0001\0\u0002\u0002P",
                "\u0016\u0003\u0003\0\u007a\u0002\0\0v",
                "\u0081\0\0\0\0\0\0\0",
                "\0",
                "SSH-2.0-OpenSSH_9.2p1\r\n",
                "\r\n",
                "\n",
                "\r\r\n",
                "X\r\n",
                "OK\rX\n",
                "OKX\n",
                "VERSION 1\n",
                "error\r\n",
                " ERROR\r\n",
                "ERRORS\r\n",
                "CLIENT_ERRORx\r\n",
                "OK \r\n",
                "OK\n",
                "END \r\n",
                "VERSION\n",
                "STAT\r\n",
                "STAT \r\n",
                "STAT  x\r\n",
                "STAT a b\r\nOK\r\n",
                "STAT a b\r\n\r\n",
                "STAT a b\r\nEND\n",
                "\u00ff\u001b[31m\u0007",
                "E".repeat(100_000));
        return new ArrayList<>(
                Stream.concat(common, Stream.of(more)).map(ReplyReading::bytes).toList());
    }
}
