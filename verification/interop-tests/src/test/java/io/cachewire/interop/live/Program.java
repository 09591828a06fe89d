package io.cachewire.interop.live;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The language of a foreign client: which interpreter runs its program, and how to find out whether the client's package
 * is there. Debian's Python modules belong to Debian's Python, which is not always the first on the PATH.
 */
enum Program {
    PYLIBMC("peer.py", "python3-pylibmc", python("pylibmc")),
    PYTHON_MEMCACHED("peer.py", "python3-memcache", python("memcache")),
    PYMEMCACHE("peer.py", "python3-pymemcache", python("pymemcache")),
    PHP(
            "peer.php",
            "php-cli and php-memcached",
            List.of(List.of("php", "-r", "exit(class_exists('Memcached') ? 0 : 1);"))),
    RUBY("peer.rb", "ruby-dalli", List.of(List.of("ruby", "-e", "require 'dalli'"))),
    PERL("peer.pl", "libcache-memcached-perl", List.of(List.of("perl", "-MCache::Memcached", "-e", "1"))),
    PERL_FAST(
            "peer.pl", "libcache-memcached-fast-perl", List.of(List.of("perl", "-MCache::Memcached::Fast", "-e", "1"))),
    NODE(
            "node/peer.js",
            "nodejs, and `npm ci --ignore-scripts` in verification/interop-tests/src/test/peers/node",
            List.of(List.of(
                    "node", "-e", "require('./node/node_modules/memjs'); require('./node/node_modules/memcached')"))),
    GO("go/peer.go", "golang-go and golang-github-bradfitz-gomemcache-dev", List.of(List.of("go", "version")));

    private static final int LONGEST_TRY_SECONDS = 60;
    private static final Path GO_PACKAGES = Path.of("/usr/share/gocode");

    private final String file;
    private final String packages;
    private final List<List<String>> tries;
    private Optional<List<String>> command;

    Program(String file, String packages, List<List<String>> tries) {
        this.file = file;
        this.packages = packages;
        this.tries = tries;
    }

    private static List<List<String>> python(String module) {
        List<List<String>> all = new ArrayList<>();
        for (String interpreter : List.of("/usr/bin/python3", "python3")) {
            all.add(List.of(interpreter, "-c", "import " + module));
        }
        return all;
    }

    /** The folder of the programs. */
    static Path folder() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("src/test/peers");
    }

    /** What to install when {@link #command} is empty. */
    String packages() {
        return packages;
    }

    /** The command line of the program, or nothing when the interpreter or the client is missing. */
    synchronized Optional<List<String>> command() {
        if (command == null) {
            command = tries.stream().filter(Program::works).findFirst().flatMap(this::line);
        }
        return command;
    }

    private Optional<List<String>> line(List<String> tried) {
        if (this != GO) {
            return Optional.of(List.of(tried.get(0), folder().resolve(file).toString()));
        }
        // Debian's Go packages are source code below a GOPATH of their own
        if (!Files.isDirectory(GO_PACKAGES.resolve("src/github.com/bradfitz/gomemcache"))) {
            return Optional.empty();
        }
        String binary = Path.of(System.getProperty("basedir", ""))
                .toAbsolutePath()
                .resolve("target/gomemcache-peer")
                .toString();
        boolean built = run(List.of("go", "build", "-o", binary, file));
        return built ? Optional.of(List.of(binary)) : Optional.empty();
    }

    /** What the interpreters need beside the path. */
    static Map<String, String> environment() {
        String cache = Optional.ofNullable(System.getenv("GOCACHE"))
                .orElse(System.getProperty("java.io.tmpdir") + "/cachewire-go-cache");
        return Map.of("GO111MODULE", "off", "GOPATH", GO_PACKAGES.toString(), "GOCACHE", cache);
    }

    private static boolean works(List<String> line) {
        return run(line);
    }

    private static boolean run(List<String> line) {
        try {
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(folder().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")));
            builder.environment().putAll(environment());
            Process process = builder.start();
            if (!process.waitFor(LONGEST_TRY_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false; // no such interpreter
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
