package io.cachewire.verification.servers.replay;

import io.cachewire.verification.servers.model.ModelServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection to a model that knows, without waiting for a silence, when an answer is whole: the model counts. */
final class Player implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final ModelServer server;
    private final Socket socket;
    private long sent;
    private long read;

    /** What came back for a step. */
    record Answer(String reply, boolean closed) {}

    Player(ModelServer server) throws IOException {
        this.server = server;
        this.socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }

    Answer play(String bytes) throws IOException, InterruptedException {
        byte[] request = bytes.getBytes(StandardCharsets.ISO_8859_1);
        sent += request.length;
        try {
            socket.getOutputStream().write(request);
        } catch (IOException e) {
            // the model closed in the middle: what it gave before is read below
        }
        ModelServer.Progress progress = server.awaitReceived(socket.getLocalPort(), sent);
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        try {
            reply.writeBytes(socket.getInputStream().readNBytes((int) (progress.written() - read)));
        } catch (IOException e) {
            // a reset may take away what was written before it
        }
        read = progress.written();
        return new Answer(reply.toString(StandardCharsets.ISO_8859_1), progress.closed());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
