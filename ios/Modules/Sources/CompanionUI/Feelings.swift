import CompanionModels
import Foundation
import SwiftUI

/// Seven steps to tap. Told apart by their shape and their word, and never by color alone.
struct Feelings: View {
    @Environment(\.dynamicTypeSize) private var size
    let chosen: Int?
    let onChoose: @MainActor (Int) -> Void

    var body: some View {
        if size.isAccessibilitySize {
            // Large words need a line each, and so do the faces beside them.
            VStack(alignment: .leading, spacing: 4) { ForEach(CheckInModel.steps, id: \.self, content: row) }
        } else {
            VStack(alignment: .center, spacing: 8) {
                HStack(spacing: 0) { ForEach(CheckInModel.steps, id: \.self, content: face) }
                caption.quiet()
            }
            .frame(maxWidth: .infinity)
        }
    }

    private var caption: Text {
        chosen.map(feelingWord) ?? Text("\(feelingWord(1)) – \(feelingWord(7))")
    }

    private func face(_ step: Int) -> some View {
        Button { onChoose(step) } label: {
            Face(step: step, isChosen: step == chosen)
                .frame(maxWidth: .infinity, minHeight: 48)
        }
        .buttonStyle(.plain)
        .accessibilityLabel(feelingWord(step))
        .accessibilityAddTraits(step == chosen ? .isSelected : [])
    }

    private func row(_ step: Int) -> some View {
        Button { onChoose(step) } label: {
            HStack(spacing: 12) {
                Face(step: step, isChosen: step == chosen)
                feelingWord(step)
            }
            .frame(maxWidth: .infinity, minHeight: 48, alignment: .leading)
        }
        .buttonStyle(.plain)
        .accessibilityAddTraits(step == chosen ? .isSelected : [])
    }
}

/// A face whose mouth goes down or up.
private struct Face: View {
    let step: Int
    let isChosen: Bool

    var body: some View {
        let color = isChosen ? Color("OnAccent") : Color.accentColor
        ZStack {
            Circle().fill(isChosen ? Color.accentColor : Color.clear)
            Circle().stroke(color, lineWidth: 2)
            Eyes().fill(color)
            Mouth(bend: Double(step - 4) / 3).stroke(color, lineWidth: 2)
        }
        .frame(width: 34, height: 34)
        .accessibilityHidden(true)
    }
}

private struct Eyes: Shape {
    nonisolated func path(in rect: CGRect) -> Path {
        Path { path in
            let side = rect.width * 0.11
            for x in [0.35, 0.65] {
                let left = rect.minX + rect.width * x - side / 2
                path.addEllipse(in: CGRect(x: left, y: rect.minY + rect.height * 0.36, width: side, height: side))
            }
        }
    }
}

private struct Mouth: Shape {
    /// −1 is down, 1 is up.
    let bend: Double

    nonisolated func path(in rect: CGRect) -> Path {
        Path { path in
            func at(_ x: Double, _ y: Double) -> CGPoint {
                CGPoint(x: rect.minX + rect.width * x, y: rect.minY + rect.height * y)
            }
            path.move(to: at(0.31, 0.67 - bend * 0.07))
            path.addQuadCurve(to: at(0.69, 0.67 - bend * 0.07), control: at(0.5, 0.67 + bend * 0.19))
        }
    }
}
