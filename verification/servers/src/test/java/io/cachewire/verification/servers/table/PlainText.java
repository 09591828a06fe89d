package io.cachewire.verification.servers.table;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A plain text connection beside the client, to prepare items and to see what became of them. Where a login stands
 * before the items it does nothing and sees nothing.
 */
final class PlainText implements Raw {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int TEXT_FLAGS = 1;

    private final Socket socket = new Socket();
    private final InputStream in;

    private PlainText(InetSocketAddress address) throws IOException {
        socket.connect(address, TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static PlainText of(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        return new PlainText(new InetSocketAddress(
                InetAddress.getByName(address.substring(0, colon)), Integer.parseInt(address.substring(colon + 1))));
    }

    @Override
    public synchronized void set(String key, String value) throws IOException {
        send("set " + key + " " + TEXT_FLAGS + " 0 " + value.length() + "\r\n" + value + "\r\n");
        line();
    }

    @Override
    public synchronized void delete(String key) throws IOException {
        send("delete " + key + "\r\n");
        line();
    }

    @Override
    public synchronized @Nullable String get(String key) throws IOException {
        send("get " + key + "\r\n");
        String first = line();
        if (!first.startsWith("VALUE ")) {
            return null;
        }
        int length = Integer.parseInt(first.split(" ")[3]);
        String value = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        line();
        line();
        return value;
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the server closed the plain connection");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
