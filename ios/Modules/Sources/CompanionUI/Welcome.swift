import Foundation
import SwiftUI

/// The first page: with a clinic, or without one.
struct WelcomeScreen: View {
    let onPair: @MainActor () -> Void
    let onAlone: @MainActor () -> Void

    var body: some View {
        NavigationStack {
            Page("Welcome") {
                Mark()
                Text("A place for your words before, during and after your sessions. What you write stays on this phone, sealed, until you choose to share it.")
                Card {
                    Text("You have a link from your clinic").heading()
                    Text("It connects this phone with your care team. You choose what they read.").quiet()
                    MainButton("Pair with your clinic", action: onPair)
                }
                Card {
                    Text("You want to begin by yourself").heading()
                    Text("You can write and check in without a clinic, and pair later. Nothing is lost.").quiet()
                    OtherButton("Begin without a clinic", action: onAlone)
                }
                Text("No account, no email address, no password.").quiet()
            }
        }
    }
}

/// The product's mark, as it stands on the console: a wave that comes to rest, and a point.
struct Mark: View {
    @ScaledMetric(relativeTo: .largeTitle) private var size = 64.0

    var body: some View {
        ZStack {
            Wave().stroke(Color("OnAccent"), lineWidth: 4)
            Dot().fill(Color("OnAccent"))
        }
        .frame(width: size, height: size)
        .background(Color.accentColor, in: .rect(cornerRadius: 16))
        .accessibilityHidden(true)
    }
}

/// Drawn on 32 by 32, like the others of its kind.
private struct Wave: Shape {
    nonisolated func path(in rect: CGRect) -> Path {
        Path { path in
            func at(_ x: Double, _ y: Double) -> CGPoint { point(x, y, rect) }
            path.move(to: at(4, 20))
            path.addCurve(to: at(12, 12), control1: at(8, 20), control2: at(8, 12))
            path.addCurve(to: at(20, 20), control1: at(16, 12), control2: at(16, 20))
            path.addCurve(to: at(24, 16), control1: at(22, 20), control2: at(22, 16))
        }
    }
}

private struct Dot: Shape {
    nonisolated func path(in rect: CGRect) -> Path {
        Path { path in
            let corner = point(24.5, 14, rect)
            let end = point(28.5, 18, rect)
            path.addEllipse(in: CGRect(x: corner.x, y: corner.y, width: end.x - corner.x, height: end.y - corner.y))
        }
    }
}

private func point(_ x: Double, _ y: Double, _ rect: CGRect) -> CGPoint {
    CGPoint(x: rect.minX + x / 32 * rect.width, y: rect.minY + y / 32 * rect.height)
}
