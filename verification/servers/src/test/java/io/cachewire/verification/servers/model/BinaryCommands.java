package io.cachewire.verification.servers.model;

import io.cachewire.verification.servers.model.ItemStore.Mode;
import io.cachewire.verification.servers.model.ItemStore.Outcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Binary packets (protocol_binary.xml). */
final class BinaryCommands {
    private static final int HEADER = 24;
    private static final int NOT_FOUND = 1;
    private static final int EXISTS = 2;
    private static final int TOO_LARGE = 3;
    private static final int INVALID = 4;
    private static final int NOT_STORED = 5;
    private static final int NOT_NUMERIC = 6;
    private static final int UNKNOWN = 0x81;
    private static final byte[] NOTHING = {};

    private final ModelServer server;
    private final Session session;

    BinaryCommands(ModelServer server, Session session) {
        this.server = server;
        this.session = session;
    }

    /** One request, taken apart. */
    private record Packet(int code, int opaque, long cas, ByteBuffer extras, String key, byte[] value) {}

    /** Runs the packet that the input begins with; how many bytes it had, 0 when it is not whole. */
    int run(byte[] input) {
        if (input.length < HEADER) {
            return 0;
        }
        ByteBuffer in = ByteBuffer.wrap(input);
        if (input[0] != (byte) 0x80) {
            session.close();
            return input.length;
        }
        int keyLength = in.getShort(2) & 0xffff;
        int extrasLength = in.get(4) & 0xff;
        int bodyLength = in.getInt(8);
        if (input.length < HEADER + bodyLength) {
            return 0;
        }
        Packet packet = new Packet(
                in.get(1) & 0xff,
                in.getInt(12),
                in.getLong(16),
                ByteBuffer.wrap(input, HEADER, extrasLength).slice(),
                new String(input, HEADER + extrasLength, keyLength, StandardCharsets.ISO_8859_1),
                Arrays.copyOfRange(input, HEADER + extrasLength + keyLength, HEADER + bodyLength));
        server.ran(session, "packet " + packet.code + " " + packet.key);
        run(packet);
        return HEADER + bodyLength;
    }

    private void run(Packet packet) {
        switch (packet.code) {
            case 0x00, 0x0c -> get(packet, packet.code == 0x0c, false);
            case 0x09, 0x0d -> get(packet, packet.code == 0x0d, true);
            case 0x1d, 0x1e, 0x23, 0x24 -> {
                touch(packet);
                get(packet, packet.code >= 0x23, packet.code == 0x1e || packet.code == 0x24);
            }
            case 0x1c -> answer(packet, touch(packet) ? 0 : NOT_FOUND, "Not found", false);
            case 0x01, 0x11 -> store(packet, Mode.SET, packet.code == 0x11);
            case 0x02, 0x12 -> store(packet, Mode.ADD, packet.code == 0x12);
            case 0x03, 0x13 -> store(packet, Mode.REPLACE, packet.code == 0x13);
            case 0x0e, 0x19 -> store(packet, Mode.APPEND, packet.code == 0x19);
            case 0x0f, 0x1a -> store(packet, Mode.PREPEND, packet.code == 0x1a);
            case 0x04, 0x14 -> delete(packet, packet.code == 0x14);
            case 0x05, 0x15 -> count(packet, true, packet.code == 0x15);
            case 0x06, 0x16 -> count(packet, false, packet.code == 0x16);
            case 0x07, 0x17 -> session.close();
            case 0x08, 0x18 -> {
                server.store().flush(packet.extras.remaining() >= 4 ? packet.extras.getInt(0) : 0);
                answer(packet, 0, "", packet.code == 0x18);
            }
            case 0x0a, 0x1b -> answer(packet, 0, "", false);
            case 0x0b ->
                respond(packet, 0, NOTHING, "", server.traits().version().getBytes(StandardCharsets.US_ASCII), 0);
            case 0x10 -> stats(packet);
            default -> answer(packet, UNKNOWN, "Unknown command", false);
        }
    }

    private void get(Packet packet, boolean withKey, boolean quiet) {
        Item item = server.store().fetch(packet.key);
        if (item == null) {
            if (!quiet) {
                respond(
                        packet,
                        NOT_FOUND,
                        NOTHING,
                        withKey ? packet.key : "",
                        withKey ? NOTHING : "Not found".getBytes(StandardCharsets.US_ASCII),
                        0);
            }
            return;
        }
        byte[] flags = ByteBuffer.allocate(4).putInt(item.flags).array();
        respond(packet, 0, flags, withKey ? packet.key : "", item.value, item.cas);
    }

    private boolean touch(Packet packet) {
        Item item = server.store().fetch(packet.key);
        if (item == null) {
            return false;
        }
        item.end = server.store().endOf(packet.extras.getInt(0));
        return true;
    }

    private void store(Packet packet, Mode mode, boolean quiet) {
        boolean appends = mode == Mode.APPEND || mode == Mode.PREPEND;
        int flags = appends ? 0 : packet.extras.getInt(0);
        if (session.commands().isTooLarge(packet.key, packet.value.length, flags)) {
            answer(packet, TOO_LARGE, "Too large.", false);
            return;
        }
        long end = appends ? 0 : server.store().endOf(packet.extras.getInt(4));
        Item item = new Item(packet.key, packet.value, flags, end);
        Outcome outcome = packet.cas != 0
                ? server.store().compareAndStore(item, packet.cas)
                : server.store().store(item, mode);
        session.commands().logStore(packet.key, outcome);
        if (outcome == Outcome.STORED) {
            if (!quiet) {
                respond(packet, 0, NOTHING, "", NOTHING, item.cas);
            }
            return;
        }
        int status = switch (mode) {
            case ADD -> EXISTS;
            case REPLACE -> NOT_FOUND;
            case APPEND, PREPEND -> NOT_STORED;
            case SET -> outcome == Outcome.EXISTS ? EXISTS : NOT_FOUND;
        };
        answer(packet, status, "Not stored", false);
    }

    private void delete(Packet packet, boolean quiet) {
        Item item = server.store().find(packet.key);
        if (item != null && packet.cas != 0 && packet.cas != item.cas) {
            answer(packet, EXISTS, "Data exists for key.", false);
        } else if (server.store().remove(packet.key)) {
            answer(packet, 0, "", quiet);
        } else {
            answer(packet, NOT_FOUND, "Not found", false);
        }
    }

    private void count(Packet packet, boolean up, boolean quiet) {
        if (packet.extras.remaining() < 20) {
            answer(packet, INVALID, "Invalid arguments", false);
            return;
        }
        Item item = server.store().find(packet.key);
        int exptime = packet.extras.getInt(16);
        Long number;
        if (item == null) {
            if (exptime == -1) {
                answer(packet, NOT_FOUND, "Not found", false);
                return;
            }
            number = packet.extras.getLong(8);
            item = new Item(
                    packet.key,
                    Long.toUnsignedString(number).getBytes(StandardCharsets.US_ASCII),
                    0,
                    server.store().endOf(exptime));
            server.store().put(item);
        } else {
            number = session.commands().counted(item, up, packet.extras.getLong(0));
        }
        counted(packet, number, item, quiet);
    }

    private void counted(Packet packet, @Nullable Long number, Item item, boolean quiet) {
        if (number == null) {
            answer(packet, NOT_NUMERIC, "Non-numeric server-side value for incr or decr", false);
        } else if (!quiet) {
            respond(
                    packet,
                    0,
                    NOTHING,
                    "",
                    ByteBuffer.allocate(8).putLong(number).array(),
                    item.cas);
        }
    }

    private void stats(Packet packet) {
        String[] entries = switch (packet.key) {
            case "" -> new String[] {"pid", "1", "version", server.traits().version(), "curr_items", "0"};
            case "settings" -> new String[] {"maxbytes", "67108864", "item_size_max", "1048576"};
            case "items", "slabs", "sizes", "reset" -> new String[0];
            default -> null;
        };
        if (!server.traits().has(Trait.BINARY_STATS)) {
            respond(packet, NOT_FOUND, NOTHING, "", NOTHING, 0);
            return;
        }
        if (entries == null) {
            answer(packet, NOT_FOUND, "Not found", false);
            return;
        }
        for (int i = 0; i < entries.length; i += 2) {
            respond(packet, 0, NOTHING, entries[i], entries[i + 1].getBytes(StandardCharsets.US_ASCII), 0);
        }
        respond(packet, 0, NOTHING, "", NOTHING, 0);
    }

    private void answer(Packet packet, int status, String message, boolean quiet) {
        if (!quiet) {
            respond(
                    packet,
                    status,
                    NOTHING,
                    "",
                    status == 0 ? NOTHING : message.getBytes(StandardCharsets.US_ASCII),
                    0);
        }
    }

    private void respond(Packet packet, int status, byte[] extras, String key, byte[] value, long cas) {
        byte[] keyBytes = key.getBytes(StandardCharsets.ISO_8859_1);
        int body = extras.length + keyBytes.length + value.length;
        ByteBuffer out = ByteBuffer.allocate(HEADER + body);
        out.put((byte) 0x81).put((byte) packet.code).putShort((short) keyBytes.length);
        out.put((byte) extras.length).put((byte) 0).putShort((short) status);
        out.putInt(body).putInt(packet.opaque).putLong(cas);
        out.put(extras).put(keyBytes).put(value);
        session.write(out.array());
    }
}
