import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Gathers the rules for R8 as Android's Gradle plugin does, for `cargo xtask android apk`: the plugin's own, and those
 * inside of libraries. The arguments are the file to write, R8's version, and the plugin's jar; then files of rules and
 * jars in any order.
 */
public final class Rules {
    private static final String PLUGINS = "com/android/build/gradle/proguard-";
    private static final Pattern FOR_R8 =
            Pattern.compile("META-INF/com\\.android\\.tools/r8(?:-from-([0-9.]+))?(?:-upto-([0-9.]+))?/.+");

    public static void main(String[] arguments) throws Exception {
        List<String> rules = new ArrayList<>();
        try (ZipFile plugin = new ZipFile(arguments[2])) {
            // `proguard-android-optimize.txt` is made of these.
            for (String part : List.of("header", "optimizations", "common")) {
                rules.add(text(plugin, plugin.getEntry(PLUGINS + part + ".txt")));
            }
        }
        for (String name : List.of(arguments).subList(3, arguments.length)) {
            if (name.endsWith(".jar")) {
                rules.addAll(inside(name, arguments[1]));
            } else {
                rules.add("# " + name + "\n" + Files.readString(Path.of(name)));
            }
        }
        Files.writeString(Path.of(arguments[0]), String.join("\n", rules));
    }

    /** The rules of a jar: those for this R8 where it has rules for R8, those for everybody otherwise. */
    private static List<String> inside(String name, String version) throws Exception {
        List<String> forThis = new ArrayList<>();
        List<String> forAll = new ArrayList<>();
        boolean isForR8 = false;
        try (ZipFile jar = new ZipFile(name)) {
            for (ZipEntry entry : Collections.list(jar.entries())) {
                if (entry.isDirectory()) continue;
                isForR8 |= entry.getName().startsWith("META-INF/com.android.tools/");
                Matcher found = FOR_R8.matcher(entry.getName());
                if (found.matches() && suits(version, found.group(1), found.group(2))) {
                    forThis.add("# " + name + "\n" + text(jar, entry));
                } else if (entry.getName().startsWith("META-INF/proguard/")) {
                    forAll.add("# " + name + "\n" + text(jar, entry));
                }
            }
        }
        return isForR8 ? forThis : forAll;
    }

    private static boolean suits(String version, String from, String upto) {
        return (from == null || compare(version, from) >= 0) && (upto == null || compare(version, upto) < 0);
    }

    private static int compare(String one, String other) {
        String[] left = one.split("\\.");
        String[] right = other.split("\\.");
        for (int at = 0; at < Math.max(left.length, right.length); at++) {
            int its = at < left.length ? Integer.parseInt(left[at]) : 0;
            int others = at < right.length ? Integer.parseInt(right[at]) : 0;
            if (its != others) return Integer.compare(its, others);
        }
        return 0;
    }

    private static String text(ZipFile archive, ZipEntry entry) throws Exception {
        return new String(archive.getInputStream(entry).readAllBytes(), "UTF-8");
    }
}
