package io.cachewire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class UnresolvedReferencesTest {
    @TempDir
    private Path folder;

    static List<Platform> platforms() {
        return Platform.all();
    }

    @ParameterizedTest
    @MethodSource("platforms")
    void everythingThatOurJarsReferToIsThere(Platform platform) {
        ClassFiles ours = new ClassFiles(OurJars.all());
        assertTrue(ours.all().size() > 500, "these are not all our classes");
        List<Path> classPath = new ArrayList<>(OurJars.all());
        classPath.addAll(platform.jars());
        assertEquals(List.of(), UnresolvedReferences.of(ours, new ClassFiles(classPath)), platform.name());
    }

    /** What kotlinc makes of {@code job.cancel()} against coroutines 1.11, and of every suspend function from Kotlin 2.2 on. */
    @Test
    void whatOnlyNewerLibrariesHaveIsFound() throws IOException {
        write(
                "kotlinx/coroutines/Job",
                "cancel$default",
                "(Lkotlinx/coroutines/Job;Ljava/util/concurrent/CancellationException;ILjava/lang/Object;)V");
        write(
                "kotlin/coroutines/jvm/internal/SpillingKt",
                "nullOutSpilledVariable",
                "(Ljava/lang/Object;)Ljava/lang/Object;");
        write("kotlin/Unit", "toString", "()Ljava/lang/String;"); // everybody has it
        ClassFiles callers = new ClassFiles(List.of(folder));

        List<String> onTheFloor = unresolved(callers, "floor");
        assertEquals(2, onTheFloor.size(), onTheFloor.toString());
        assertTrue(
                onTheFloor.get(0).startsWith("kotlin/coroutines/jvm/internal/SpillingKt, wanted by "),
                onTheFloor.get(0));
        assertTrue(onTheFloor.get(1).contains("Job.cancel$default"), onTheFloor.get(1));
        assertEquals(List.of(), unresolved(callers, "newest"));
    }

    @Test
    void aMethodThatNobodyImplementsIsFound() throws IOException {
        ClassWriter bare = new ClassWriter(0);
        bare.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "Bare", null, "java/lang/Object", new String[] {
            "kotlinx/coroutines/Runnable"
        });
        bare.visitEnd();
        Files.write(folder.resolve("Bare.class"), bare.toByteArray());
        ClassWriter wrong = new ClassWriter(0);
        wrong.visit(
                Opcodes.V17, Opcodes.ACC_PUBLIC, "Wrong", null, "java/lang/Object", new String[] {"java/lang/Runnable"
                });
        wrong.visitEnd();
        Files.write(folder.resolve("Wrong.class"), wrong.toByteArray());

        assertEquals(
                List.of(
                        "java/lang/Runnable.run()V, not implemented by Wrong",
                        "kotlinx/coroutines/Runnable, wanted by Bare"),
                unresolved(new ClassFiles(List.of(folder)), "newest"));
    }

    private List<String> unresolved(ClassFiles callers, String platform) {
        List<Path> classPath = new ArrayList<>(Platform.named(platform).jars());
        classPath.add(folder);
        return UnresolvedReferences.of(callers, new ClassFiles(classPath));
    }

    private void write(String owner, String name, String type) throws IOException {
        String caller = "CallsOf" + owner.substring(owner.lastIndexOf('/') + 1);
        ClassWriter file = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        file.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, caller, null, "java/lang/Object", null);
        MethodVisitor call = file.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "call", "()V", null, null);
        call.visitCode();
        call.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, type, owner.endsWith("/Job"));
        call.visitInsn(Opcodes.RETURN);
        call.visitMaxs(0, 0);
        call.visitEnd();
        file.visitEnd();
        Files.write(folder.resolve(caller + ".class"), file.toByteArray());
    }
}
