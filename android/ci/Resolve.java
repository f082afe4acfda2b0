import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.maven.model.superpom.DefaultSuperPomProvider;
import org.apache.maven.model.building.DefaultModelProcessor;
import org.apache.maven.model.io.DefaultModelReader;
import org.apache.maven.model.locator.DefaultModelLocator;
import org.apache.maven.repository.internal.MavenRepositorySystemUtils;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.repository.LocalRepository;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.resolution.ArtifactDescriptorResult;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.util.repository.SimpleArtifactDescriptorPolicy;
import org.eclipse.aether.util.version.GenericVersionScheme;
import org.eclipse.aether.version.InvalidVersionSpecificationException;
import org.eclipse.aether.version.Version;

/**
 * Resolves as Gradle does, for `cargo xtask android lock`: by a module's own metadata where it has some (which says
 * which file is for Android and which for the JVM), by its POM otherwise; the newest version wins; what a platform or a
 * module constrains holds for all.
 *
 * Arguments: a local repository, and a file of requests, a line each: `use android|jvm|alone module|platform g:a[:v]`.
 * `alone` takes one file, whatever it names in turn.
 * Prints a line for each file: its use, its coordinates and where it is, with tabs between.
 */
public final class Resolve {
    private static final Gson GSON = new Gson();
    private static final GenericVersionScheme VERSIONS = new GenericVersionScheme();
    private static final int MOST_ROUNDS = 40;

    private final RepositorySystem system = new RepositorySystemSupplier().get();
    private final DefaultRepositorySystemSession session = MavenRepositorySystemUtils.newSession();
    private final List<RemoteRepository> repositories = new ArrayList<>();
    private final Map<String, Module> modules = new HashMap<>();
    private final Set<String> unversioned = new HashSet<>();
    private final boolean android;
    private final boolean alone;

    /** What one version of a module asks for and consists of. */
    private record Module(Map<String, String> needs, Map<String, String> constraints, String extension) {}

    private record Request(String use, String how, boolean platform, String module, String version) {}

    private Resolve(File local, String how) throws Exception {
        this.android = how.equals("android");
        this.alone = how.equals("alone");
        session.setLocalRepositoryManager(system.newLocalRepositoryManager(session, new LocalRepository(local)));
        session.setArtifactDescriptorPolicy(new SimpleArtifactDescriptorPolicy(true, true));
        var superPom = new DefaultSuperPomProvider().setModelProcessor(new DefaultModelProcessor()
                .setModelLocator(new DefaultModelLocator()).setModelReader(new DefaultModelReader()));
        // Where Maven looks by itself, and nowhere else.
        for (var its : superPom.getSuperModel("4.0.0").getRepositories()) {
            repositories.add(new RemoteRepository.Builder(its.getId(), "default", its.getUrl()).build());
        }
    }

    public static void main(String[] arguments) throws Exception {
        List<Request> requests = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(arguments[1]))) {
            String[] words = line.split(" ");
            String[] its = words[3].split(":");
            requests.add(new Request(words[0], words[1], words[2].equals("platform"),
                    its[0] + ":" + its[1], its.length > 2 ? its[2] : ""));
        }
        Set<String> uses = new java.util.LinkedHashSet<>();
        for (Request request : requests) uses.add(request.use);
        for (String use : uses) {
            List<Request> own = requests.stream().filter(request -> request.use.equals(use)).toList();
            Resolve resolve = new Resolve(new File(arguments[0]), own.get(0).how);
            for (var file : resolve.files(own).entrySet()) {
                System.out.println(use + "\t" + file.getKey() + "\t" + file.getValue());
            }
        }
    }

    private Map<String, File> files(List<Request> requests) throws Exception {
        Map<String, String> constraints = new HashMap<>();
        for (Request request : requests) {
            if (!request.platform) continue;
            String[] its = request.module.split(":");
            constraints.putAll(managedBy(its[0], its[1], request.version));
        }
        Map<String, String> chosen = new LinkedHashMap<>();
        for (int round = 0; ; round++) {
            if (round == MOST_ROUNDS) throw new IllegalStateException("versions never settle");
            Map<String, String> before = new LinkedHashMap<>(chosen);
            Set<String> reached = new HashSet<>();
            var todo = new ArrayDeque<String>();
            for (Request request : requests) {
                if (!request.platform) want(request.module, request.version, chosen, constraints, todo);
            }
            while (!todo.isEmpty()) {
                String module = todo.poll();
                if (!reached.add(module)) continue;
                Module its = module(module, chosen.get(module));
                its.constraints.forEach((name, version) -> constraints.merge(name, version, Resolve::newer));
                its.needs.forEach((name, version) -> want(name, version, chosen, constraints, todo));
            }
            chosen.keySet().retainAll(reached);
            if (chosen.equals(before)) break;
        }
        unversioned.removeAll(chosen.keySet());
        if (!unversioned.isEmpty()) throw new IllegalStateException("nothing gives a version of " + unversioned);
        Map<String, File> files = new TreeMap<>();
        for (var one : chosen.entrySet()) {
            String extension = module(one.getKey(), one.getValue()).extension;
            if (extension.isEmpty()) continue;
            String[] its = one.getKey().split(":");
            File file = fetch(its[0], its[1], one.getValue(), extension);
            if (file == null) throw new IllegalStateException("not to be had: " + one + " as " + extension);
            files.put(one.getKey() + ":" + one.getValue() + ":" + extension, file);
        }
        return files;
    }

    private void want(String module, String version, Map<String, String> chosen,
            Map<String, String> constraints, ArrayDeque<String> todo) {
        String wanted = newer(version, constraints.getOrDefault(module, ""));
        if (wanted.isEmpty()) {
            // Some say no version, and leave it to another module or a platform that comes later.
            unversioned.add(module);
            return;
        }
        chosen.merge(module, wanted, Resolve::newer);
        todo.add(module);
    }

    private Module module(String module, String version) throws Exception {
        Module known = modules.get(module + ":" + version);
        if (alone) known = new Module(Map.of(), Map.of(), "jar");
        if (known == null) {
            String[] its = module.split(":");
            ArtifactDescriptorResult pom = pom(its[0], its[1], version);
            File metadata = isOfGradle(its[0], its[1], version) ? fetch(its[0], its[1], version, "module") : null;
            known = metadata == null ? ofPom(its[0], its[1], version, pom) : ofMetadata(metadata);
            modules.put(module + ":" + version, known);
        }
        return known;
    }

    private Module ofPom(String group, String name, String version, ArtifactDescriptorResult pom) throws Exception {
        Map<String, String> needs = new LinkedHashMap<>();
        for (Dependency dependency : pom.getDependencies()) {
            boolean counts = dependency.getScope().equals("compile") || dependency.getScope().equals("runtime");
            if (!counts || dependency.isOptional() || !dependency.getArtifact().getClassifier().isEmpty()) continue;
            needs.put(name(dependency), plain(dependency.getArtifact().getVersion()));
        }
        String text = Files.readString(fetch(group, name, version, "pom").toPath());
        text = text.replaceAll("(?s)<(dependencies|build|dependencyManagement|plugins|profiles)>.*?</\\1>", "");
        var packaging = java.util.regex.Pattern.compile("<packaging>([^<]*)</packaging>").matcher(text);
        String found = packaging.find() ? packaging.group(1) : "jar";
        return new Module(needs, Map.of(), found.equals("pom") ? "" : found.equals("aar") ? "aar" : "jar");
    }

    private Module ofMetadata(File file) throws Exception {
        JsonObject best = null;
        int bestRank = 0;
        JsonObject metadata = GSON.fromJson(Files.readString(file.toPath()), JsonObject.class);
        for (JsonElement element : metadata.getAsJsonArray("variants")) {
            int rank = rank(element.getAsJsonObject());
            if (rank > bestRank) {
                best = element.getAsJsonObject();
                bestRank = rank;
            }
        }
        // Such as what only other platforms compile against.
        if (best == null) return new Module(Map.of(), Map.of(), "");
        Map<String, String> needs = new LinkedHashMap<>();
        if (best.has("available-at")) {
            JsonObject at = best.getAsJsonObject("available-at");
            needs.put(text(at, "group") + ":" + text(at, "module"), text(at, "version"));
            return new Module(needs, Map.of(), "");
        }
        Map<String, String> constraints = new LinkedHashMap<>();
        read(best, "dependencies", needs, constraints);
        read(best, "dependencyConstraints", constraints, constraints);
        String extension = "";
        if (best.has("files")) {
            for (JsonElement element : best.getAsJsonArray("files")) {
                String url = text(element.getAsJsonObject(), "url");
                if (url.endsWith(".aar") || url.endsWith(".jar")) extension = url.substring(url.length() - 3);
            }
        }
        return new Module(needs, constraints, extension);
    }

    /** How well a variant suits: Android's own before the one of the JVM, and 0 for what is none of both. */
    private int rank(JsonObject variant) {
        JsonObject its = variant.getAsJsonObject("attributes");
        String category = text(its, "org.gradle.category");
        boolean isLibrary = text(its, "org.gradle.usage").equals("java-runtime") && !category.equals("documentation")
                && !text(its, "org.gradle.dependency.bundling").equals("shadowed")
                && text(its, "org.gradle.libraryelements").matches("|jar|aar");
        // What Gradle takes from beside another version is left to whoever names that version.
        boolean isBesideAnother = variant.has("files") && variant.get("files").toString().contains("\"../");
        if (!isLibrary || isBesideAnother) return 0;
        String platform = text(its, "org.jetbrains.kotlin.platform.type");
        String environment = text(its, "org.gradle.jvm.environment");
        boolean isAndroid = platform.equals("androidJvm") || environment.equals("android");
        if (isAndroid) return android ? 3 : 0;
        return platform.isEmpty() || platform.equals("jvm") ? 2 : 0;
    }

    private void read(JsonObject variant, String key, Map<String, String> needs, Map<String, String> constraints)
            throws Exception {
        if (!variant.has(key)) return;
        for (JsonElement element : variant.getAsJsonArray(key)) {
            JsonObject dependency = element.getAsJsonObject();
            JsonObject version = dependency.getAsJsonObject("version");
            String wanted = "";
            for (String how : List.of("strictly", "requires", "prefers")) {
                if (version != null && wanted.isEmpty()) wanted = text(version, how);
            }
            if (isPlatform(dependency)) {
                constraints.putAll(managedBy(text(dependency, "group"), text(dependency, "module"), wanted));
                continue;
            }
            needs.put(text(dependency, "group") + ":" + text(dependency, "module"), plain(wanted));
        }
    }

    private static boolean isPlatform(JsonObject dependency) {
        return dependency.has("attributes")
                && text(dependency.getAsJsonObject("attributes"), "org.gradle.category").endsWith("platform");
    }

    private Map<String, String> managedBy(String group, String name, String version) throws Exception {
        Map<String, String> managed = new HashMap<>();
        for (Dependency dependency : pom(group, name, version).getManagedDependencies()) {
            managed.put(name(dependency), plain(dependency.getArtifact().getVersion()));
        }
        return managed;
    }

    private boolean isOfGradle(String group, String name, String version) throws Exception {
        File file = fetch(group, name, version, "pom");
        return file != null && Files.readString(file.toPath()).contains("published-with-gradle-metadata");
    }

    private ArtifactDescriptorResult pom(String group, String name, String version) throws Exception {
        var artifact = new DefaultArtifact(group, name, "pom", version);
        return system.readArtifactDescriptor(session, new ArtifactDescriptorRequest(artifact, repositories, null));
    }

    private File fetch(String group, String name, String version, String extension) {
        try {
            var artifact = new DefaultArtifact(group, name, extension, version);
            return system.resolveArtifact(session, new ArtifactRequest(artifact, repositories, null))
                    .getArtifact().getFile();
        } catch (ArtifactResolutionException missing) {
            System.err.println("not to be had: " + group + ":" + name + ":" + version + ":" + extension);
            return null;
        }
    }

    private static String name(Dependency dependency) {
        return dependency.getArtifact().getGroupId() + ":" + dependency.getArtifact().getArtifactId();
    }

    private static String text(JsonObject object, String key) {
        return object.has(key) ? object.get(key).getAsString() : "";
    }

    /** The first version of a range. */
    private static String plain(String version) {
        String inside = version.replaceAll("[\\[\\]()]", "").trim();
        String[] ends = inside.split(",", 2);
        return ends[0].isBlank() && ends.length > 1 ? ends[1].trim() : ends[0].trim();
    }

    private static String newer(String one, String other) {
        if (one.isEmpty() || other.isEmpty()) return one + other;
        try {
            Version first = VERSIONS.parseVersion(one);
            return first.compareTo(VERSIONS.parseVersion(other)) >= 0 ? one : other;
        } catch (InvalidVersionSpecificationException wrong) {
            throw new IllegalStateException(wrong);
        }
    }
}
