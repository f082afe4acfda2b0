import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipFile;

/**
 * Unpacks archives, for `cargo xtask android`. The argument is a file of lines `archive TAB folder`, or
 * `archive TAB file TAB entry` for one entry alone.
 */
public final class Unpack {
    public static void main(String[] arguments) throws Exception {
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] words = line.split("\t");
            Path into = Path.of(words[1]);
            try (ZipFile archive = new ZipFile(words[0])) {
                for (var entry : Collections.list(archive.entries())) {
                    boolean isWanted = words.length < 3 || entry.getName().equals(words[2]);
                    if (entry.isDirectory() || !isWanted) continue;
                    Path file = words.length < 3 ? into.resolve(entry.getName()).normalize() : into;
                    if (!file.startsWith(into)) throw new IllegalStateException(words[0] + " leaves its folder");
                    Files.createDirectories(file.getParent());
                    Files.write(file, archive.getInputStream(entry).readAllBytes());
                }
            }
            if (!Files.exists(into)) throw new IllegalStateException(words[0] + " has nothing for " + into);
        }
    }
}
