package io.cachewire.benchmarks;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.Tls;
import io.cachewire.benchmarks.client.Contestant;
import io.cachewire.benchmarks.client.Roster;
import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Figures;
import io.cachewire.benchmarks.load.Items;
import io.cachewire.benchmarks.load.Scoreboard;
import io.cachewire.benchmarks.load.Workload;
import io.cachewire.benchmarks.load.Workload.Verb;
import io.cachewire.benchmarks.report.TextTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What TLS costs: the same client on a plain memcached and on one with {@code -Z}, in turns. {@code openssl} makes the certificate. */
@Command(
        name = "tls",
        description = "Compares processor time for each call with and without TLS.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true)
final class TlsCommand implements Callable<Integer> {
    /** What TLS may cost at most, as a multiple of the time without. */
    private static final double ASKED = 2;

    private static final int VALUE_BYTES = 100;
    private static final String PLAIN = "cachewire/plain";
    private static final String SECURE = "cachewire/tls";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Option(names = "--callers", description = "callers at once", defaultValue = "64")
    private int callers;

    @Option(names = "--rounds", description = "rounds; the median counts", defaultValue = "7")
    private int rounds;

    @Option(names = "--warm-up", description = "rounds before that", defaultValue = "2")
    private int warmUp;

    @Option(names = "--seconds", description = "measured time of a round", defaultValue = "1")
    private double seconds;

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("tls");
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        try {
            makeCertificate(certificate, key);
            String files = "ssl_chain_cert=" + certificate + ",ssl_key=" + key;
            try (LocalServer plain = LocalServer.start();
                    LocalServer secure = LocalServer.start("-Z", "-o", files);
                    Contestant without = contestant(plain, null);
                    Contestant with = contestant(secure, Tls.of(trusting(certificate)))) {
                compare(without, with);
            }
        } finally {
            Files.deleteIfExists(certificate);
            Files.deleteIfExists(key);
            Files.delete(folder);
        }
        return 0;
    }

    private static Contestant contestant(LocalServer server, @Nullable Tls tls) {
        var builder = AsyncMemcachedClient.builder(server.address().toString())
                .requestTimeout(PATIENCE)
                .connectTimeout(PATIENCE)
                .callbackExecutor(Runnable::run);
        return Roster.futures(tls == null ? builder.build() : builder.tls(tls).build());
    }

    private void compare(Contestant without, Contestant with) throws Exception {
        Duration measured = Duration.ofMillis(Math.round(seconds * 1e3));
        Items items = new Items(VALUE_BYTES, 1);
        without.load(items);
        with.load(items);
        Scoreboard board = new Scoreboard();
        for (Verb verb : List.of(Verb.GET, Verb.SET)) {
            Cell cell = new Cell(new Workload(verb, VALUE_BYTES, 1), callers);
            for (int round = -warmUp; round < rounds; round++) {
                Figures plain = without.run(cell, items, measured);
                Figures secure = with.run(cell, items, measured);
                if (round >= 0) {
                    board.add(cell, PLAIN, plain);
                    board.add(cell, SECURE, secure);
                }
            }
        }
        System.out.print(TextTable.of(board));
        for (Cell cell : board.cells()) {
            double ratio = cpu(board, cell, SECURE) / cpu(board, cell, PLAIN);
            System.out.printf(
                    Locale.ROOT,
                    "%s: processor time with TLS is %.2f of that without, at most %.1f asked: %s%n",
                    cell.name(),
                    ratio,
                    ASKED,
                    ratio <= ASKED ? "held" : "not held");
        }
    }

    private static double cpu(Scoreboard board, Cell cell, String name) {
        return board.median(cell, name).orElseThrow().cpuMicros();
    }

    private static void makeCertificate(Path certificate, Path key) throws IOException, InterruptedException {
        List<String> command = List.of(
                "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
                        .split(" "));
        ProcessBuilder builder =
                new ProcessBuilder(new ArrayList<>(command)).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.command().addAll(List.of("-keyout", key.toString(), "-out", certificate.toString()));
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("openssl ended with " + status);
        }
    }

    private static SSLContext trusting(Path certificate) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
