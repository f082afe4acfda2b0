package org.kapcompanion.smoke;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.app.Activity;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.view.View;
import androidx.test.core.app.ApplicationProvider;
import java.io.File;
import java.io.FileOutputStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.RunWith;
import org.junit.runner.notification.Failure;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;

/**
 * What R8 left of the app starts, and writes into a record and reads from it: through everything that native code calls
 * by name and that JNA looks at by reflection. In Java, and by what is on the screen alone: nothing here knows what R8
 * named anything.
 */
@RunWith(RobolectricTestRunner.class)
public final class ShrunkAppTest {
    private static final String WORDS = "Slept well, walked by the river.";

    private ActivityController<? extends Activity> activity;
    private Shown shown;

    /** Runs this, and closes as the other test programs do: what counts tests reads that line. */
    public static void main(String[] arguments) {
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> ended(thrown));
        Result result = new JUnitCore().run(ShrunkAppTest.class);
        for (Failure failure : result.getFailures()) {
            System.out.println(failure.getDescription().getMethodName() + ": " + failure.getTrace());
        }
        int passed = result.getRunCount() - result.getFailureCount();
        close(passed, result.getFailureCount(), result.getIgnoreCount());
    }

    /** On a phone that is the app's end. Here its page would say that it opens, and turn its ring, without end. */
    private static void ended(Throwable thrown) {
        System.out.println("the app ended: " + thrown);
        thrown.printStackTrace(System.out);
        close(0, 1, 0);
    }

    private static void close(int passed, int failed, int ignored) {
        String outcome = failed == 0 ? "ok" : "FAILED";
        System.out.println("test result: " + outcome + ". " + passed + " passed; " + failed + " failed; " + ignored
                + " ignored");
        // Threads of the core do not keep this process.
        System.exit(failed == 0 && passed > 0 ? 0 : 1);
    }

    @Before public void start() throws Exception {
        MemoryKeyStore.install();
        // By the name that the manifest has for it.
        var main = Class.forName("org.kapcompanion.app.MainActivity").asSubclass(Activity.class);
        activity = Robolectric.buildActivity(main).setup();
        shown = new Shown(activity.get());
    }

    @After public void end() {
        activity.close();
    }

    @Test public void what_is_written_is_read_again() throws Exception {
        shown.tap("welcome_begin");
        shown.tap("today_write");
        shown.type("write_words", WORDS);
        shown.tap("save");
        shown.tap("journal_title");
        shown.await(WORDS);
        Bitmap picture = picture();
        assertTrue("nothing is drawn", isDrawn(picture));
        var record = new File(ApplicationProvider.getApplicationContext().getNoBackupFilesDir(), "record/record.db");
        assertTrue(record + " is not there", record.exists());
        assertEquals("the key was asked for on the main thread", false, MemoryKeyStore.askedOnMain());
    }

    private Bitmap picture() throws Exception {
        View view = activity.get().getWindow().getDecorView();
        Bitmap bitmap = Bitmap.createBitmap(view.getWidth(), view.getHeight(), Bitmap.Config.ARGB_8888);
        view.draw(new Canvas(bitmap));
        File file = new File(System.getProperty("companion.pictures"), "journal.png");
        try (FileOutputStream out = new FileOutputStream(file)) {
            bitmap.compress(Bitmap.CompressFormat.PNG, 100, out);
        }
        return bitmap;
    }

    /** More than one color. */
    private static boolean isDrawn(Bitmap picture) {
        int first = picture.getPixel(0, 0);
        for (int y = 0; y < picture.getHeight(); y += 3) {
            for (int x = 0; x < picture.getWidth(); x += 3) {
                if (picture.getPixel(x, y) != first) return true;
            }
        }
        return false;
    }
}
