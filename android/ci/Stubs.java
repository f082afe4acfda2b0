import java.io.BufferedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.signature.SignatureReader;
import org.objectweb.asm.signature.SignatureVisitor;

/**
 * Makes an android.jar to compile against from the whole framework: the public and protected members of public
 * packages, without bodies, and the resources. Members that the SDK hides are left in: Android Studio refuses those.
 *
 * Arguments: the framework, and the file to write.
 */
public final class Stubs {
    private static final List<String> PUBLIC = List.of("android/", "dalvik/", "org/json/", "org/xml/", "org/xmlpull/",
            "org/w3c/", "org/apache/http/", "javax/", "java/");
    private static final List<String> INTERNAL = List.of("android/car/", "android/internal/", "android/filterfw/",
            "android/filterpacks/", "android/adservices/internal/");
    /** What the framework's archive leaves to Java itself. */
    private static final List<String> OF_JAVA = List.of("java/", "javax/crypto/", "javax/net/", "javax/security/");
    private static final int VISIBLE = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;
    private static final int READ = ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES;

    private final Map<String, byte[]> all = new TreeMap<>();
    private final Map<String, byte[]> resources = new TreeMap<>();
    private final Map<String, Integer> access = new HashMap<>();
    private final Map<String, String> parents = new HashMap<>();
    /** The shortest constructor of each class that a child may call. */
    private final Map<String, String> constructors = new HashMap<>();
    private final Set<String> kept = new TreeSet<>();

    public static void main(String[] arguments) throws Exception {
        Stubs stubs = new Stubs();
        stubs.read(arguments[0]);
        stubs.choose();
        stubs.write(Path.of(arguments[1]));
        System.out.println(stubs.kept.size() + " classes of " + stubs.all.size());
    }

    private void read(String framework) throws Exception {
        try (ZipFile archive = new ZipFile(framework)) {
            for (var entry : Collections.list(archive.entries())) {
                String name = entry.getName();
                if (name.equals("resources.arsc") || name.equals("AndroidManifest.xml")) {
                    resources.put(name, archive.getInputStream(entry).readAllBytes());
                } else if (name.endsWith(".class") && PUBLIC.stream().anyMatch(name::startsWith)
                        && INTERNAL.stream().noneMatch(name::startsWith)) {
                    all.put(name.substring(0, name.length() - 6), archive.getInputStream(entry).readAllBytes());
                }
            }
        }
    }

    private void choose() {
        for (var its : all.entrySet()) {
            String name = its.getKey();
            ClassReader reader = new ClassReader(its.getValue());
            access.put(name, reader.getAccess());
            parents.put(name, reader.getSuperName());
            reader.accept(new ClassVisitor(Opcodes.ASM9) {
                @Override public void visitInnerClass(String inner, String outer, String simple, int flags) {
                    if (inner.equals(name)) access.put(name, outer == null ? 0 : flags);
                }

                @Override public MethodVisitor visitMethod(int flags, String method, String type, String generic,
                        String[] thrown) {
                    if (method.equals("<init>") && (flags & Opcodes.ACC_PRIVATE) == 0) {
                        constructors.merge(name, type, (old, its) -> its.length() < old.length() ? its : old);
                    }
                    return null;
                }
            }, ClassReader.SKIP_CODE);
        }
        for (String name : all.keySet()) {
            if (isVisible(name)) kept.add(name);
        }
        // What is hidden and yet the parent of something visible stays.
        for (boolean more = true; more;) {
            more = false;
            for (String name : List.copyOf(kept)) {
                String parent = parents.get(name);
                if (parent != null && all.containsKey(parent) && kept.add(parent)) more = true;
            }
        }
    }

    /** Whether it and all that it stands in are for everybody. */
    private boolean isVisible(String name) {
        for (String its = name; access.containsKey(its);) {
            if ((access.get(its) & VISIBLE) == 0) return false;
            int inner = its.lastIndexOf('$');
            if (inner < 0) return true;
            its = its.substring(0, inner);
        }
        return true;
    }

    private boolean isThere(String name) {
        if (name == null || kept.contains(name)) return true;
        return !all.containsKey(name) && OF_JAVA.stream().anyMatch(name::startsWith);
    }

    private boolean isThere(Type type) {
        Type its = type.getSort() == Type.ARRAY ? type.getElementType() : type;
        return its.getSort() != Type.OBJECT || isThere(its.getInternalName());
    }

    private boolean isMethodThere(String type) {
        return isThere(Type.getReturnType(type)) && Arrays.stream(Type.getArgumentTypes(type)).allMatch(this::isThere);
    }

    private boolean isGenericThere(String signature) {
        boolean[] all = {true};
        new SignatureReader(signature).accept(new SignatureVisitor(Opcodes.ASM9) {
            @Override public void visitClassType(String name) {
                all[0] &= isThere(name);
            }
        });
        return all[0];
    }

    private String[] those(String[] names) {
        return names == null ? null : Arrays.stream(names).filter(this::isThere).toArray(String[]::new);
    }

    private void write(Path file) throws Exception {
        try (var out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (String name : kept) {
                ClassWriter writer = new ClassWriter(0);
                new ClassReader(all.get(name)).accept(new Stub(writer), READ);
                out.putNextEntry(new ZipEntry(name + ".class"));
                out.write(writer.toByteArray());
            }
            for (var resource : resources.entrySet()) {
                // aapt2 wants them as they are.
                ZipEntry entry = new ZipEntry(resource.getKey());
                CRC32 sum = new CRC32();
                sum.update(resource.getValue());
                entry.setMethod(ZipEntry.STORED);
                entry.setCrc(sum.getValue());
                entry.setSize(resource.getValue().length);
                out.putNextEntry(entry);
                out.write(resource.getValue());
            }
        }
    }

    /** A class without what is hidden and without bodies. */
    private final class Stub extends ClassVisitor {
        private String parent;

        Stub(ClassWriter writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override public void visit(int version, int flags, String name, String generic, String superName,
                String[] interfaces) {
            parent = isThere(superName) ? superName : "java/lang/Object";
            String seen = generic != null && isGenericThere(generic) ? generic : null;
            super.visit(Math.min(version & 0xffff, Opcodes.V17), flags, name, seen, parent, those(interfaces));
        }

        @Override public void visitNestHost(String host) {}

        @Override public void visitNestMember(String member) {}

        @Override public void visitPermittedSubclass(String child) {}

        @Override public void visitOuterClass(String owner, String method, String type) {}

        @Override public void visitInnerClass(String name, String outer, String simple, int flags) {
            if (kept.contains(name)) super.visitInnerClass(name, outer, simple, flags);
        }

        @Override public FieldVisitor visitField(int flags, String name, String type, String generic, Object value) {
            boolean isKept = (flags & VISIBLE) != 0 && isThere(Type.getType(type));
            return isKept ? super.visitField(flags, name, type, generic, value) : null;
        }

        @Override public MethodVisitor visitMethod(int flags, String name, String type, String generic,
                String[] thrown) {
            boolean isMade = (flags & Opcodes.ACC_SYNTHETIC) != 0 && (flags & Opcodes.ACC_BRIDGE) == 0;
            if ((flags & VISIBLE) == 0 || isMade || name.equals("<clinit>") || !isMethodThere(type)) return null;
            int kept = flags & ~Opcodes.ACC_SYNCHRONIZED;
            MethodVisitor method = super.visitMethod(kept, name, type, generic, those(thrown));
            boolean hasBody = (flags & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
            return new MethodVisitor(Opcodes.ASM9, null) {
                @Override public AnnotationVisitor visitAnnotation(String annotation, boolean isVisible) {
                    return method.visitAnnotation(annotation, isVisible);
                }

                @Override public AnnotationVisitor visitParameterAnnotation(int parameter, String annotation,
                        boolean isVisible) {
                    return method.visitParameterAnnotation(parameter, annotation, isVisible);
                }

                @Override public AnnotationVisitor visitAnnotationDefault() {
                    return method.visitAnnotationDefault();
                }

                @Override public void visitEnd() {
                    if (hasBody) throwNull(method, name, type);
                    method.visitEnd();
                }
            };
        }

        /** A body that the verifier takes and nobody may run. */
        private void throwNull(MethodVisitor method, String name, String type) {
            method.visitCode();
            int stack = 1;
            if (name.equals("<init>")) {
                String constructor = constructors.getOrDefault(parent, "()V");
                method.visitVarInsn(Opcodes.ALOAD, 0);
                for (Type argument : Type.getArgumentTypes(constructor)) {
                    method.visitInsn(switch (argument.getSort()) {
                        case Type.LONG -> Opcodes.LCONST_0;
                        case Type.DOUBLE -> Opcodes.DCONST_0;
                        case Type.FLOAT -> Opcodes.FCONST_0;
                        case Type.OBJECT, Type.ARRAY -> Opcodes.ACONST_NULL;
                        default -> Opcodes.ICONST_0;
                    });
                    stack += argument.getSize();
                }
                method.visitMethodInsn(Opcodes.INVOKESPECIAL, parent, "<init>", constructor, false);
            }
            method.visitInsn(Opcodes.ACONST_NULL);
            method.visitInsn(Opcodes.ATHROW);
            int arguments = Arrays.stream(Type.getArgumentTypes(type)).mapToInt(Type::getSize).sum();
            method.visitMaxs(stack, arguments + 1);
        }
    }
}
