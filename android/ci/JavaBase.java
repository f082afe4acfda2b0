import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes Java's own classes, as far as Android has the like, into a jar: the framework's archive has none of them, and
 * R8 does nothing without. With what they stand on themselves, for R8 follows them. The argument is the file to write.
 */
public final class JavaBase {
    private static final List<String> MODULES = List.of("java.base", "java.logging");

    public static void main(String[] arguments) throws Exception {
        var modules = FileSystems.getFileSystem(URI.create("jrt:/"));
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(Path.of(arguments[0])))) {
            for (String module : MODULES) {
                Path folder = modules.getPath("/modules", module);
                try (var files = Files.walk(folder)) {
                    for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                        if (!file.toString().endsWith(".class") || file.endsWith("module-info.class")) continue;
                        jar.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                        jar.write(Files.readAllBytes(file));
                    }
                }
            }
        }
    }
}
