package io.cachewire.internal.protocol;

import io.cachewire.DataBlock;
import java.util.ArrayList;
import java.util.List;

/** Requests for tests of dialects. */
public final class Requests {
    private Requests() {}

    public static Request keyed(Opcode opcode, String key) {
        return new Request.Keyed(opcode, ReplyReading.block(key));
    }

    public static Request touch(Opcode opcode, String key, long exptime) {
        return new Request.Touch(opcode, ReplyReading.block(key), exptime);
    }

    public static Request store(Opcode opcode, String key, String data) {
        return new Request.Store(opcode, ReplyReading.block(key), ReplyReading.block(data), 0, 0, 0);
    }

    public static Request store(Opcode opcode, String key, String data, int flags, long exptime, long cas) {
        return new Request.Store(opcode, ReplyReading.block(key), ReplyReading.block(data), flags, exptime, cas);
    }

    public static Request arithmetic(Opcode opcode, String key, long delta) {
        return new Request.Arithmetic(opcode, ReplyReading.block(key), delta, null);
    }

    public static Request arithmetic(Opcode opcode, String key, long delta, long initial, long exptime) {
        return new Request.Arithmetic(opcode, ReplyReading.block(key), delta, new Request.Initial(initial, exptime));
    }

    public static Request metaCommand(Request.MetaVerb verb, String key, String data, String flags) {
        DataBlock block = data.isEmpty() ? null : ReplyReading.block(data);
        return new Request.Meta(verb, ReplyReading.block(key), block, flags);
    }

    public static Request base64(Request encoded, String key) {
        return new Request.Base64(encoded, ReplyReading.block(key));
    }

    public static Request server(Opcode opcode, String argument) {
        return new Request.Server(opcode, argument);
    }

    /** The longest request of every opcode, arithmetic with and without a value to start from. */
    public static List<Request> longest() {
        DataBlock key = ReplyReading.block("k".repeat(250));
        DataBlock data = ReplyReading.block("d".repeat(2000));
        List<Request> requests = new ArrayList<>();
        for (Opcode opcode : Opcode.values()) {
            switch (opcode) {
                case GET, GETS, ITEM, DELETE -> requests.add(new Request.Keyed(opcode, key));
                case TOUCH, GET_AND_TOUCH, MARK_STALE -> requests.add(new Request.Touch(opcode, key, Long.MIN_VALUE));
                case SET, ADD, REPLACE, APPEND, PREPEND, CAS ->
                    requests.add(new Request.Store(opcode, key, data, -1, Long.MIN_VALUE, -1));
                case INCREMENT, DECREMENT -> {
                    requests.add(new Request.Arithmetic(opcode, key, -1, null));
                    requests.add(new Request.Arithmetic(opcode, key, -1, new Request.Initial(-1, Long.MIN_VALUE)));
                }
                case GET_ALL -> requests.add(Request.GetAll.of(List.of(key, key, key), true));
                case META -> {
                    String flags = " f".repeat(Request.MAX_META_FLAGS / 2);
                    for (Request.MetaVerb verb : Request.MetaVerb.values()) {
                        DataBlock block = verb == Request.MetaVerb.SET ? data : null;
                        requests.add(new Request.Meta(verb, key, block, flags));
                    }
                }
                case BASE64_KEY ->
                    requests.add(
                            new Request.Base64(new Request.Store(Opcode.CAS, key, data, -1, Long.MIN_VALUE, -1), key));
                case NOOP, VERSION -> requests.add(new Request.Server(opcode, ""));
                case STATS, FLUSH_ALL, VERBOSITY -> requests.add(new Request.Server(opcode, "a".repeat(512)));
            }
        }
        return requests;
    }
}
