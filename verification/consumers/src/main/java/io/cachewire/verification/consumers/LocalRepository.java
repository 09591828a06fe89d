package io.cachewire.verification.consumers;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local repository for the consumer projects' builds that shares everything with the user's own but {@code io.cachewire}. The shared folders
 * are symbolic links, so that nothing is copied, what the projects need is downloaded once, and the jars under test never get into the user's
 * repository.
 */
public final class LocalRepository {
    private static final String OURS = "cachewire";

    private final Path users;
    private final Path own;

    private LocalRepository(Path users, Path own) {
        this.users = users;
        this.own = own;
    }

    /** {@code link} or {@code keep}, the user's local repository, and the one to make. */
    public static void main(String[] args) throws IOException {
        LocalRepository repository = new LocalRepository(Path.of(args[1]), Path.of(args[2]));
        switch (args[0]) {
            case "link" -> repository.link();
            case "keep" -> repository.keep();
            default -> throw new IllegalArgumentException("link or keep, not " + args[0]);
        }
    }

    private void link() throws IOException {
        Files.createDirectories(own.resolve("io"));
        Files.createDirectories(users.resolve("io"));
        linkAll("");
        linkAll("io");
    }

    private void linkAll(String folder) throws IOException {
        for (Path each : folders(users.resolve(folder))) {
            Path link = own.resolve(folder).resolve(each.getFileName());
            if (!isOurs(each) && !Files.exists(link)) {
                Files.createSymbolicLink(link, each.toRealPath());
            }
        }
    }

    /** Moves folders that downloads have made to the user's repository. */
    private void keep() throws IOException {
        keepAll("");
        keepAll("io");
    }

    private void keepAll(String folder) throws IOException {
        for (Path each : folders(own.resolve(folder))) {
            Path target = users.resolve(folder).resolve(each.getFileName());
            if (!isOurs(each) && !Files.isSymbolicLink(each) && !Files.exists(target)) {
                move(each, target);
            }
        }
    }

    /** On another file system, or when another build was faster, the next build downloads again. */
    private static void move(Path folder, Path target) throws IOException {
        try {
            Files.move(folder, target);
        } catch (FileSystemException e) {
            System.out.println("not kept: " + e);
        }
    }

    /** {@code io} holds our own folder, and is no link itself. */
    private static boolean isOurs(Path folder) {
        String name = folder.getFileName().toString();
        return name.equals("io") || name.equals(OURS);
    }

    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(Files::isDirectory).toList();
        }
    }
}
