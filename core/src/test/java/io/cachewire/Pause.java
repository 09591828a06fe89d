package io.cachewire;

import io.cachewire.fixture.MemcachedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * A time in which a server answers nothing: it begins when the server has been seen to be silent, and ends with
 * {@link #close}.
 */
final class Pause implements AutoCloseable {
    private static final int MOST_PROBES = 100;

    private final MemcachedServer server;

    private Pause(MemcachedServer server) {
        this.server = server;
    }

    static Pause of(MemcachedServer server) {
        server.pause();
        // the signal takes effect a moment after it was sent
        for (int i = 0; i < MOST_PROBES; i++) {
            if (isSilent(server)) {
                return new Pause(server);
            }
        }
        server.resume();
        throw new IllegalStateException("the server does not pause");
    }

    private static boolean isSilent(MemcachedServer server) {
        try (Socket probe = new Socket("127.0.0.1", server.port())) {
            probe.setSoTimeout(100);
            probe.getOutputStream().write("version\r\n".getBytes(StandardCharsets.US_ASCII));
            return probe.getInputStream().read() < 0;
        } catch (SocketTimeoutException silent) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.resume();
    }
}
