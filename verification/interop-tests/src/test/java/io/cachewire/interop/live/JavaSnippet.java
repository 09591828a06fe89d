package io.cachewire.interop.live;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Java text, compiled with the class path of the tests and run. */
final class JavaSnippet {
    private JavaSnippet() {}

    /** The result of a method body, which may throw; {@code servers} are its argument. */
    static Object run(Path folder, String imports, String body, String... servers) throws IOException {
        Path source = folder.resolve("Snippet.java");
        Files.writeString(
                source,
                imports
                        + "\npublic final class Snippet {\n    public static Object run(String... servers) throws Exception {\n"
                        + body
                        + "\n    }\n}\n");
        compile(source, folder);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, JavaSnippet.class.getClassLoader())) {
            return loader.loadClass("Snippet").getMethod("run", String[].class).invoke(null, (Object) servers);
        } catch (InvocationTargetException e) {
            throw new AssertionError("the snippet failed: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static void compile(Path source, Path folder) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-cp", classPath(), "-d", folder.toString(), "-proc:none");
            boolean done = compiler.getTask(complaints, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            if (!done) {
                throw new AssertionError("the snippet does not compile: " + complaints + Files.readString(source));
            }
        }
    }

    /** Surefire's own property: the class path of its JVM is a jar that names it. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
