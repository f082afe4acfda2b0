import CompanionCore
import CompanionModels
import SwiftUI

/// Who may read what is being written, or why nobody else may yet.
struct Readers: View {
    let sharing: Loaded<Sharing>
    @Binding var chosen: WhoReads

    var body: some View {
        switch sharing {
        case .here(.offered): choice
        case .here(.nobodyYet):
            Text("Only you can read it. You can share it later, once you are paired with a clinic.").quiet()
        case .here(.quietHours):
            Text("What you write now stays private. You can share it when the quiet hours are over.").quiet()
        case .notYet, .problem: EmptyView()
        }
    }

    private var choice: some View {
        Card {
            Text("Who can read this?").heading()
            row(.onlyMe, "Only me", "Stays on your own devices.")
            Divider()
            row(.careTeam, "My care team", "They read it when they get to it. Nobody watches for it.")
            Divider()
            row(
                .talkInSession, "Talk about it in a session",
                "Your care team reads it, and knows that you want to talk about it.")
        }
    }

    private func row(_ readers: WhoReads, _ name: LocalizedStringKey, _ means: LocalizedStringKey) -> some View {
        Button { chosen = readers } label: {
            HStack(alignment: .top, spacing: 12) {
                Image(systemName: readers == chosen ? "checkmark.circle.fill" : "circle")
                    .foregroundStyle(.tint)
                    .accessibilityHidden(true)
                VStack(alignment: .leading, spacing: 2) {
                    Text(name)
                    Text(means).quiet()
                }
            }
            .frame(maxWidth: .infinity, minHeight: 44, alignment: .leading)
        }
        .buttonStyle(.plain)
        .accessibilityAddTraits(readers == chosen ? .isSelected : [])
    }
}
