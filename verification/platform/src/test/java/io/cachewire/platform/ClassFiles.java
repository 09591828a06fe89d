package io.cachewire.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

/** The classes of jars or folders, and behind them those of the JDK, by their internal names. */
final class ClassFiles {
    private final Map<String, byte[]> bytes = new HashMap<>();
    private final Map<String, ClassNode> nodes = new HashMap<>();

    ClassFiles(List<Path> jarsOrFolders) {
        jarsOrFolders.forEach(this::add);
    }

    Map<String, byte[]> all() {
        return bytes;
    }

    /** Its members, without code; null when it is nowhere. */
    @Nullable
    ClassNode find(String name) {
        return nodes.computeIfAbsent(name, this::read);
    }

    private @Nullable ClassNode read(String name) {
        byte[] found = bytes.containsKey(name) ? bytes.get(name) : ofTheJdk(name);
        if (found == null) {
            return null;
        }
        ClassNode node = new ClassNode();
        new ClassReader(found).accept(node, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
        return node;
    }

    private static byte @Nullable [] ofTheJdk(String name) {
        try (InputStream file = ClassLoader.getPlatformClassLoader().getResourceAsStream(name + ".class")) {
            return file == null ? null : file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Path jarOrFolder) {
        if (Files.isDirectory(jarOrFolder)) {
            addBelow(jarOrFolder);
            return;
        }
        try (FileSystem jar = FileSystems.newFileSystem(jarOrFolder)) {
            addBelow(jar.getPath("/"));
        } catch (IOException e) {
            throw new UncheckedIOException(jarOrFolder.toString(), e);
        }
    }

    private void addBelow(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(ClassFiles::isClass)::iterator) {
                String name = root.relativize(file).toString();
                bytes.put(name.substring(0, name.length() - ".class".length()), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isClass(Path file) {
        String name = file.toString();
        return name.endsWith(".class") && !name.endsWith("module-info.class") && !name.contains("META-INF");
    }
}
