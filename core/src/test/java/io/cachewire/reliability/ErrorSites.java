package io.cachewire.reliability;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * An agent that has the client's classes ask, wherever they make an object, start a thread, hand over a task or wake the selector, whether an Error is to be thrown
 * there. Class initializers are left alone: what fails in one stays broken for the life of the JVM, which is the JVM's doing.
 */
public final class ErrorSites implements ClassFileTransformer {
    private static final int MOST = 1 << 16;
    private static final String SITES = "io/cachewire/reliability/ErrorSites";

    /** Methods that may need a thread, memory of the machine or code of others. */
    private static final Set<String> CALLS = Set.of("start", "execute", "wakeup");

    private static final List<String> NAMES = new CopyOnWriteArrayList<>();
    private static final AtomicIntegerArray PASSED = new AtomicIntegerArray(MOST);
    private static final AtomicIntegerArray HIT = new AtomicIntegerArray(MOST);
    private static final AtomicInteger THROWN = new AtomicInteger();

    private static final Planted[] LAST = new Planted[1 << 10];

    private record Planted(long at, String thread, int site) {}

    /** An Error comes at one of so many sites; 0 for none. */
    private static volatile int oneOf;

    private static volatile int most;

    private ErrorSites() {}

    /** Called by the JVM. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        instrumentation.addTransformer(new ErrorSites());
    }

    /** From now on an Error comes at one of so many sites, until so many have come in all. */
    static void begin(int oneOf, int most) {
        ErrorSites.most = most;
        ErrorSites.oneOf = oneOf;
    }

    static void end() {
        oneOf = 0;
    }

    static int thrown() {
        return THROWN.get();
    }

    static String report() {
        int passed = 0;
        int hit = 0;
        for (int i = 0; i < NAMES.size(); i++) {
            passed += PASSED.get(i) > 0 ? 1 : 0;
            hit += HIT.get(i) > 0 ? 1 : 0;
        }
        return THROWN.get() + " errors at " + hit + " sites of " + passed + " that were reached, of " + NAMES.size()
                + " in the classes that were loaded";
    }

    /** Where and on which threads errors came in a span of time, by {@link System#nanoTime}. */
    static List<String> between(long from, long to) {
        return Stream.of(LAST)
                .filter(one -> one != null && one.at() >= from && one.at() <= to)
                .sorted(Comparator.comparingLong(Planted::at))
                .map(one -> (one.at() - from) / 1_000 + " us " + one.thread() + " " + NAMES.get(one.site()))
                .toList();
    }

    /** The sites that were reached and at which none was thrown. */
    static List<String> spared() {
        return NAMES.stream()
                .filter(name -> {
                    int i = NAMES.indexOf(name);
                    return PASSED.get(i) > 0 && HIT.get(i) == 0;
                })
                .toList();
    }

    /** Called by the client's classes. */
    public static void at(int site) {
        int chance = oneOf;
        if (chance == 0) {
            return;
        }
        PASSED.lazySet(site, 1);
        // what has seldom been hit comes first
        int weighed = HIT.get(site) == 0 ? Math.max(1, chance / 20) : chance;
        if (ThreadLocalRandom.current().nextInt(weighed) != 0) {
            return;
        }
        int before;
        do {
            before = THROWN.get();
            if (before >= most) {
                oneOf = 0;
                return;
            }
        } while (!THROWN.compareAndSet(before, before + 1));
        int number = before + 1;
        HIT.incrementAndGet(site);
        LAST[number % LAST.length] =
                new Planted(System.nanoTime(), Thread.currentThread().getName(), site);
        switch (number % 3) {
            case 0 -> throw new OutOfMemoryError("planted: no memory");
            case 1 -> throw new OutOfMemoryError("planted: unable to create native thread");
            default -> throw new StackOverflowError("planted");
        }
    }

    @Override
    public byte[] transform(
            ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
        CodeSource source = domain == null ? null : domain.getCodeSource();
        boolean isOurs = name != null
                && name.startsWith("io/cachewire/")
                && source != null
                && !source.getLocation().getPath().contains("test-classes");
        if (!isOurs) {
            return null;
        }
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String method, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, method, descriptor, signature, exceptions);
                        return method.equals("<clinit>") ? next : new Asking(next, name + "." + method);
                    }
                },
                0);
        return writer.toByteArray();
    }

    private static final class Asking extends MethodVisitor {
        private final String where;

        Asking(MethodVisitor next, String where) {
            super(Opcodes.ASM9, next);
            this.where = where;
        }

        private void ask(String what) {
            int site;
            synchronized (NAMES) {
                site = NAMES.size();
                NAMES.add(where + "#" + site + " " + what);
            }
            super.visitLdcInsn(site);
            super.visitMethodInsn(Opcodes.INVOKESTATIC, SITES, "at", "(I)V", false);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            if (opcode == Opcodes.ANEWARRAY) {
                ask("new " + type + "[]");
            }
            super.visitTypeInsn(opcode, type);
            if (opcode == Opcodes.NEW) {
                // behind it, because frames point to the instruction; nothing has been constructed yet
                ask("new " + type);
            }
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            if (opcode == Opcodes.NEWARRAY) {
                ask("new array");
            }
            super.visitIntInsn(opcode, operand);
        }

        @Override
        public void visitInvokeDynamicInsn(
                String name, String descriptor, org.objectweb.asm.Handle bootstrap, Object... arguments) {
            ask("new lambda");
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (CALLS.contains(name) && owner.startsWith("java/")) {
                ask(owner + "." + name);
            }
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        }
    }
}
