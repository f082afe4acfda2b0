import com.android.apksig.ApkSigner;
import com.android.apksig.ApkVerifier;
import com.android.apksig.KeyConfig;
import java.io.File;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Packs, aligns, signs and verifies an APK, for `cargo xtask android apk`. The arguments: the linked resources, the
 * folder with R8's output, the folder that becomes `lib`, a keystore and its password, the oldest Android by its API
 * level, and the file to write. Prints a line for each part of it, `part TAB bytes`, as packed.
 */
public final class Pack {
    /** What Android's Gradle plugin leaves out of packages, and what of JNA's is for other systems. */
    private static final Pattern LEFT_OUT = Pattern.compile(
            "META-INF/([^/]*\\.(DSA|EC|RSA|SF|kotlin_module|version)|MANIFEST\\.MF|(LICENSE|NOTICE|DEPENDENCIES|INDEX)[^/]*"
                    + "|(maven|proguard|com\\.android\\.tools|AL2\\.0|LGPL2\\.1|versions)(/.*)?)"
                    + "|kotlin/.*\\.kotlin_builtins|.*\\.kotlin_metadata|DebugProbesKt\\.bin|com/sun/jna/.*/.*");
    /** A library is read in place from a page on: as large as any phone's pages are. */
    private static final int PAGE = 16 * 1024;

    public static void main(String[] arguments) throws Exception {
        Path apk = Path.of(arguments[6]);
        Path unsigned = apk.resolveSibling("unsigned.apk");
        try (ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(unsigned))) {
            to.setLevel(9);
            try (ZipFile linked = new ZipFile(arguments[0])) {
                for (ZipEntry entry : Collections.list(linked.entries())) {
                    boolean isStored = entry.getMethod() == ZipEntry.STORED;
                    put(to, entry.getName(), linked.getInputStream(entry).readAllBytes(), isStored);
                }
            }
            // Android reads code and libraries in place since API 28, and needs no copy of them.
            putFolder(to, Path.of(arguments[1]), "", ".dex");
            putFolder(to, Path.of(arguments[2]), "lib/", ".so");
        }
        sign(unsigned.toFile(), apk.toFile(), arguments[3], arguments[4], Integer.parseInt(arguments[5]));
        Files.delete(unsigned);
        mustBeAligned(apk.toFile());
        tell(apk.toFile());
    }

    private static void putFolder(ZipOutputStream to, Path folder, String prefix, String stored) throws Exception {
        try (var files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                String name = prefix + folder.relativize(file);
                if (LEFT_OUT.matcher(name).matches()) continue;
                put(to, name, Files.readAllBytes(file), name.endsWith(stored));
            }
        }
    }

    private static void put(ZipOutputStream to, String name, byte[] bytes, boolean isStored) throws Exception {
        ZipEntry entry = new ZipEntry(name);
        // The same bytes each time.
        entry.setTime(0);
        if (isStored) {
            CRC32 sum = new CRC32();
            sum.update(bytes);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(bytes.length);
            entry.setCrc(sum.getValue());
        }
        to.putNextEntry(entry);
        to.write(bytes);
        to.closeEntry();
    }

    private static void sign(File from, File to, String keystore, String password, int oldest) throws Exception {
        KeyStore keys = KeyStore.getInstance(new File(keystore), password.toCharArray());
        String alias = keys.aliases().nextElement();
        var key = new KeyConfig.Jca((PrivateKey) keys.getKey(alias, password.toCharArray()));
        var certificate = (X509Certificate) keys.getCertificate(alias);
        var signer = new ApkSigner.SignerConfig.Builder("throw-away", key, List.of(certificate)).build();
        new ApkSigner.Builder(List.of(signer)).setInputApk(from).setOutputApk(to).setMinSdkVersion(oldest)
                .setV1SigningEnabled(false).setV2SigningEnabled(true).setV3SigningEnabled(true)
                .setLibraryPageAlignmentBytes(PAGE).build().sign();
        ApkVerifier.Result found = new ApkVerifier.Builder(to).setMinCheckedPlatformVersion(oldest).build().verify();
        if (!found.isVerified()) throw new IllegalStateException("the signature is not valid: " + found.getAllErrors());
    }

    /** What is stored as it is lies where Android reads it in place. */
    private static void mustBeAligned(File apk) throws Exception {
        try (ZipFile archive = new ZipFile(apk); RandomAccessFile bytes = new RandomAccessFile(apk, "r")) {
            for (var at : places(bytes).entrySet()) {
                ZipEntry entry = archive.getEntry(at.getKey());
                if (entry.getMethod() != ZipEntry.STORED) continue;
                int wanted = at.getKey().endsWith(".so") ? PAGE : 4;
                if (at.getValue() % wanted != 0) throw new IllegalStateException(at.getKey() + " is not aligned");
            }
        }
    }

    /** Where the bytes of each entry begin. */
    private static Map<String, Long> places(RandomAccessFile file) throws Exception {
        Map<String, Long> places = new TreeMap<>();
        // There is no comment behind the end record: apksig writes none.
        byte[] end = read(file, file.length() - 22, 22);
        long at = little(end, 16, 4);
        for (long left = little(end, 10, 2); left > 0; left--) {
            byte[] head = read(file, at, 46);
            int name = (int) little(head, 28, 2);
            long local = little(head, 42, 4);
            byte[] own = read(file, local, 30);
            places.put(new String(read(file, at + 46, name), "UTF-8"),
                    local + 30 + little(own, 26, 2) + little(own, 28, 2));
            at += 46 + name + little(head, 30, 2) + little(head, 32, 2);
        }
        return places;
    }

    private static byte[] read(RandomAccessFile file, long at, int count) throws Exception {
        byte[] bytes = new byte[count];
        file.seek(at);
        file.readFully(bytes);
        return bytes;
    }

    private static long little(byte[] bytes, int at, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) value = value << 8 | bytes[at + i] & 0xff;
        return value;
    }

    private static void tell(File apk) throws Exception {
        Map<String, Long> parts = new TreeMap<>();
        try (ZipFile archive = new ZipFile(apk)) {
            for (ZipEntry entry : Collections.list(archive.entries())) {
                parts.merge(part(entry.getName()), entry.getCompressedSize(), Long::sum);
            }
        }
        long rest = apk.length() - parts.values().stream().mapToLong(Long::longValue).sum();
        parts.put("the archive's own lists, gaps and signature", rest);
        parts.forEach((name, size) -> System.out.println(name + "\t" + size));
    }

    private static String part(String name) {
        if (name.endsWith(".dex")) return "code (dex)";
        if (name.startsWith("lib/")) return "native: " + name.substring(name.lastIndexOf('/') + 1);
        if (name.startsWith("res/") || name.equals("resources.arsc")) return "resources";
        if (name.startsWith("assets/")) return "assets";
        return "what else libraries bring along";
    }
}
