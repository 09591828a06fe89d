package io.cachewire.platform;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * What the class files of some jars refer to and a class path does not have: classes, methods and fields, by their constant pools, as the
 * JVM would resolve them (JVMS 5.4.3), but all at once instead of when they are first used. Abstract methods that nobody implements count too.
 */
final class UnresolvedReferences {
    private static final int CLASS = 7;
    private static final int FIELD = 9;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;
    private static final int METHOD_TYPE = 16;

    private final ClassFiles classPath;
    private final Set<String> found = new TreeSet<>();

    private UnresolvedReferences(ClassFiles classPath) {
        this.classPath = classPath;
    }

    /** What {@code ours} refers to and {@code classPath}, which has ours too, or the JDK does not have; sorted. */
    static List<String> of(ClassFiles ours, ClassFiles classPath) {
        UnresolvedReferences references = new UnresolvedReferences(classPath);
        ours.all().forEach((name, bytes) -> references.check(name, new ClassReader(bytes)));
        return new ArrayList<>(references.found);
    }

    private void check(String from, ClassReader file) {
        char[] buffer = new char[file.getMaxStringLength()];
        for (int index = 1; index < file.getItemCount(); index++) {
            int item = file.getItem(index);
            // the second half of a long or double has no place
            if (item == 0) {
                continue;
            }
            switch (file.readByte(item - 1)) {
                case CLASS -> checkClass(from, Type.getObjectType(file.readUTF8(item, buffer)));
                case FIELD -> checkMember(from, file, item, buffer, true);
                case METHOD, INTERFACE_METHOD -> checkMember(from, file, item, buffer, false);
                case METHOD_TYPE -> checkTypes(from, Type.getMethodType(file.readUTF8(item, buffer)));
                default -> {}
            }
        }
        checkImplements(from);
    }

    private void checkMember(String from, ClassReader file, int item, char[] buffer, boolean field) {
        int nameAndType = file.getItem(file.readUnsignedShort(item + 2));
        String owner = file.readClass(item, buffer);
        String name = file.readUTF8(nameAndType, buffer);
        String type = file.readUTF8(nameAndType + 2, buffer);
        checkTypes(from, Type.getType(type));
        ClassNode node = classPath.find(owner);
        if (owner.startsWith("[") || node == null || isPolymorphic(owner, name)) {
            return; // a class that is not there is found by its own item
        }
        Integer access = field ? field(node, name, type) : method(node, name, type);
        if (access == null) {
            found.add(owner + "." + name + (field ? ": " : "") + type + ", wanted by " + from);
        } else if (!isVisible(access, owner, from)) {
            found.add(owner + "." + name + (field ? ": " : "") + type + " is not public, wanted by " + from);
        }
    }

    private void checkTypes(String from, Type type) {
        if (type.getSort() == Type.METHOD) {
            Stream.of(type.getArgumentTypes()).forEach(argument -> checkClass(from, argument));
            checkClass(from, type.getReturnType());
        } else {
            checkClass(from, type);
        }
    }

    private void checkClass(String from, Type type) {
        Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
        if (element.getSort() == Type.OBJECT && classPath.find(element.getInternalName()) == null) {
            found.add(element.getInternalName() + ", wanted by " + from);
        }
    }

    /** The access flags of the method; null when there is none. */
    private @Nullable Integer method(ClassNode owner, String name, String type) {
        return inHierarchy(
                        owner,
                        new HashSet<>(),
                        node -> node.methods.stream()
                                .anyMatch(method -> method.name.equals(name) && method.desc.equals(type)))
                .flatMap(node -> node.methods.stream())
                .filter(method -> method.name.equals(name) && method.desc.equals(type))
                .map(method -> method.access)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Integer field(ClassNode owner, String name, String type) {
        return inHierarchy(
                        owner,
                        new HashSet<>(),
                        node -> node.fields.stream()
                                .anyMatch(field -> field.name.equals(name) && field.desc.equals(type)))
                .flatMap(node -> node.fields.stream())
                .filter((FieldNode field) -> field.name.equals(name) && field.desc.equals(type))
                .map(field -> field.access)
                .findFirst()
                .orElse(null);
    }

    /** The class itself, its superclasses and all their interfaces that pass; each once, superclasses first. */
    private Stream<ClassNode> inHierarchy(ClassNode start, Set<String> seen, Predicate<ClassNode> passes) {
        if (!seen.add(start.name)) {
            return Stream.empty();
        }
        Stream<String> supers = Stream.concat(Stream.ofNullable(start.superName), start.interfaces.stream());
        Stream<ClassNode> above = supers.map(classPath::find)
                .filter(node -> node != null)
                .flatMap(node -> inHierarchy(node, seen, passes));
        return Stream.concat(Stream.of(start).filter(passes), above);
    }

    /** An abstract method of a class or interface that is not ours, which a class that can be made does not have. */
    private void checkImplements(String name) {
        ClassNode type = classPath.find(name);
        if (type == null || (type.access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE)) != 0) {
            return;
        }
        List<ClassNode> hierarchy =
                inHierarchy(type, new HashSet<>(), node -> true).toList();
        for (ClassNode above : hierarchy) {
            for (MethodNode method : above.methods) {
                if ((method.access & Opcodes.ACC_ABSTRACT) != 0 && !isImplemented(method, hierarchy)) {
                    found.add(above.name + "." + method.name + method.desc + ", not implemented by " + name);
                }
            }
        }
    }

    private static boolean isImplemented(MethodNode wanted, List<ClassNode> hierarchy) {
        return hierarchy.stream()
                .flatMap(node -> node.methods.stream())
                .anyMatch(method -> method.name.equals(wanted.name)
                        && method.desc.equals(wanted.desc)
                        && (method.access & Opcodes.ACC_ABSTRACT) == 0);
    }

    private static boolean isVisible(int access, String owner, String from) {
        return (access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)) != 0
                || packageOf(owner).equals(packageOf(from));
    }

    private static String packageOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    /** Their methods take whatever the call says. */
    private static boolean isPolymorphic(String owner, String name) {
        return owner.equals("java/lang/invoke/VarHandle")
                || owner.equals("java/lang/invoke/MethodHandle") && name.startsWith("invoke");
    }
}
