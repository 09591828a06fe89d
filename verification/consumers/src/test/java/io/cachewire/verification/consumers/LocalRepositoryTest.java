package io.cachewire.verification.consumers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRepositoryTest {
    @Test
    void everythingButOurOwnIsShared(@TempDir Path folder) throws IOException {
        Path users = folder.resolve("users");
        Path own = folder.resolve("own");
        write(users.resolve("org/there/a.jar"));
        write(users.resolve("io/other/b.jar"));
        write(users.resolve("io/cachewire/stale.jar"));

        run("link", users, own);
        assertTrue(Files.exists(own.resolve("org/there/a.jar")));
        assertTrue(Files.exists(own.resolve("io/other/b.jar")));
        assertFalse(Files.exists(own.resolve("io/cachewire")));

        write(own.resolve("io/cachewire/fresh.jar"));
        write(own.resolve("org/downloaded/c.jar"));
        assertFalse(Files.exists(users.resolve("io/cachewire/fresh.jar")));
        assertTrue(Files.exists(users.resolve("org/downloaded/c.jar")));
    }

    @Test
    void whatIsDownloadedIntoNewFoldersIsKept(@TempDir Path folder) throws IOException {
        Path users = folder.resolve("users");
        Path own = folder.resolve("own");
        Files.createDirectories(users);
        run("link", users, own);
        write(own.resolve("com/new/d.jar"));
        write(own.resolve("io/new/e.jar"));
        write(own.resolve("io/cachewire/fresh.jar"));

        run("keep", users, own);
        assertTrue(Files.exists(users.resolve("com/new/d.jar")));
        assertTrue(Files.exists(users.resolve("io/new/e.jar")));
        assertFalse(Files.exists(users.resolve("io/cachewire")));
        assertEquals("jar", Files.readString(own.resolve("io/cachewire/fresh.jar")));
    }

    private static void run(String what, Path users, Path own) throws IOException {
        LocalRepository.main(new String[] {what, users.toString(), own.toString()});
    }

    private static void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "jar");
    }
}
