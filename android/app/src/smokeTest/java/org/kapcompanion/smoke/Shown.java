package org.kapcompanion.smoke;

import android.app.Activity;
import android.graphics.Rect;
import android.os.Bundle;
import android.view.View;
import android.view.ViewGroup;
import android.view.accessibility.AccessibilityNodeInfo;
import android.view.accessibility.AccessibilityNodeProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.robolectric.shadows.ShadowLooper;

/** What is on the screen, as a screen reader has it, and what can be done with it. */
final class Shown {
    /** Compose numbers what is on its screens one after the other. */
    private static final int MOST_NODES = 3000;
    /** The longest that anything here may take: only what hangs takes as long. */
    private static final long PATIENCE_NS = 120_000_000_000L;
    private static final long BETWEEN_NS = 20_000_000L;

    private final Activity activity;

    Shown(Activity activity) {
        this.activity = activity;
    }

    /** Taps what has the words of this resource, as soon as it is there. */
    void tap(String resource) {
        act(words(resource), AccessibilityNodeInfo.ACTION_CLICK, null);
    }

    /** Types into the field with the words of this resource. */
    void type(String resource, String text) {
        Bundle typed = new Bundle();
        typed.putCharSequence(AccessibilityNodeInfo.ACTION_ARGUMENT_SET_TEXT_CHARSEQUENCE, text);
        act(words(resource), AccessibilityNodeInfo.ACTION_SET_TEXT, typed);
    }

    /** Does something with what says this or is around it: the words of a button are inside of what is tapped. */
    private void act(String words, int action, Bundle with) {
        awaitThat(words + " can be acted on", nodes -> {
            for (Node text : nodes) {
                if (!text.says(words)) continue;
                var around = nodes.stream().filter(node -> node.can(action) && node.holds(text));
                var least = around.min(Comparator.comparingLong(Node::area));
                if (least.isPresent() && least.get().act(action, with)) return true;
            }
            return false;
        });
    }

    /** Waits for words that another thread brings some time. */
    void await(String words) {
        awaitThat(words, nodes -> nodes.stream().anyMatch(node -> node.says(words)));
    }

    private void awaitThat(String what, Predicate<List<Node>> isSo) {
        long end = System.nanoTime() + PATIENCE_NS;
        while (true) {
            ShadowLooper.idleMainLooper();
            List<Node> nodes = nodes();
            if (isSo.test(nodes)) return;
            if (System.nanoTime() > end) throw new AssertionError(what + ": never. There is: " + nodes);
            LockSupport.parkNanos(BETWEEN_NS);
        }
    }

    private String words(String resource) {
        int id = activity.getResources().getIdentifier(resource, "string", activity.getPackageName());
        return activity.getString(id);
    }

    private List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        collect(activity.getWindow().getDecorView(), nodes);
        return nodes;
    }

    private static void collect(View view, List<Node> nodes) {
        AccessibilityNodeProvider provider = view.getAccessibilityNodeProvider();
        if (provider != null) {
            for (int id = 0; id < MOST_NODES; id++) {
                AccessibilityNodeInfo info = provider.createAccessibilityNodeInfo(id);
                if (info != null) nodes.add(new Node(provider, id, info));
            }
        }
        if (view instanceof ViewGroup group) {
            for (int at = 0; at < group.getChildCount(); at++) collect(group.getChildAt(at), nodes);
        }
    }

    /** One thing on the screen. */
    record Node(AccessibilityNodeProvider provider, int id, AccessibilityNodeInfo info) {
        boolean says(String words) {
            return contains(info.getText(), words) || contains(info.getContentDescription(), words)
                    || contains(info.getHintText(), words);
        }

        boolean can(int action) {
            return info.isEnabled() && info.getActionList().stream().anyMatch(its -> its.getId() == action);
        }

        boolean holds(Node other) {
            return bounds().contains(other.bounds());
        }

        long area() {
            return (long) bounds().width() * bounds().height();
        }

        private Rect bounds() {
            Rect bounds = new Rect();
            info.getBoundsInScreen(bounds);
            return bounds;
        }

        boolean act(int action, Bundle with) {
            return provider.performAction(id, action, with);
        }

        private static boolean contains(CharSequence text, String words) {
            return text != null && text.toString().contains(words);
        }

        @Override public String toString() {
            return id + ":" + info.getText() + "/" + info.getContentDescription();
        }
    }
}
