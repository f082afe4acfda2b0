import CompanionCore
import CompanionModels
import Foundation
import SwiftUI

/// Whom to call, now: on every page, in the same place.
struct HelpButton: View {
    @Environment(HelpModel.self) private var help
    @State private var isShown = false

    var body: some View {
        Button { isShown = true } label: { Text("Help now").fontWeight(.semibold) }
            .sheet(isPresented: $isShown) { HelpScreen(help: help) }
    }
}

/// Help in a crisis: whom to call, large and first. It waits for nothing, and needs no key.
struct HelpScreen: View {
    @Environment(\.dismiss) private var dismiss
    private let help: HelpModel

    init(help: HelpModel) { self.help = help }

    var body: some View {
        NavigationStack {
            ScrollView {
                VStack(alignment: .leading, spacing: 16) {
                    Text("The most urgent first. Tapping opens your phone’s own app with the number in it.")
                    if let number = help.notReached {
                        Notice(Text("This device can’t do that by itself. The number is \(number)."))
                    }
                    ForEach(help.lines, id: \.self) { ReachButton(help: help, line: $0) }
                    if !help.people.isEmpty {
                        Card {
                            Text("People you named").heading()
                            ForEach(help.people, id: \.self) { PersonRow(help: help, person: $0) }
                        }
                    }
                    Text("Opening this page tells nobody. It works without a network and without unlocking.").quiet()
                }
                .frame(maxWidth: 640, alignment: .leading)
                .padding(.horizontal)
                .padding(.bottom, 24)
                .frame(maxWidth: .infinity)
            }
            .background(Color("Page"))
            .foregroundStyle(Color("Ink"))
            .navigationTitle("Help now")
            .toolbar { ToolbarItem(placement: .cancellationAction) { Button("Close") { dismiss() } } }
            .task { await help.look() }
        }
    }
}

/// One line: what a tap does, and what answers there.
private struct ReachButton: View {
    @Environment(\.openURL) private var openURL
    let help: HelpModel
    let line: HelpLineView

    var body: some View {
        Button { reach(line.how, line.number, openURL, help) } label: {
            VStack(alignment: .leading, spacing: 4) {
                Label { told.fontWeight(.semibold) } icon: { Image(systemName: symbol) }
                    .font(.title3)
                Text(verbatim: line.label).font(.subheadline)
            }
            .foregroundStyle(Color("OnAccent"))
            .frame(maxWidth: .infinity, alignment: .leading)
        }
        .buttonStyle(.borderedProminent)
        .controlSize(.large)
    }

    private var told: Text {
        switch line.how {
        case .call: Text("Call \(line.number)")
        case .text: Text("Text \(line.number)")
        case .web: Text("Open \(site)")
        case .other: Text(verbatim: line.number)
        }
    }

    /// Nobody says the scheme of an address.
    private var site: String { line.number.replacingOccurrences(of: "https://", with: "") }

    private var symbol: String {
        switch line.how {
        case .call, .other: "phone"
        case .text: "message"
        case .web: "globe"
        }
    }
}

private struct PersonRow: View {
    @Environment(\.openURL) private var openURL
    let help: HelpModel
    let person: HelpPersonView

    var body: some View {
        Text(verbatim: person.text)
        if !person.number.isEmpty {
            OtherButton("Call \(person.number)") { reach(.call, person.number, openURL, help) }
        }
    }
}

/// Opens the phone's own app with the number in it; the person presses *call* there.
@MainActor
private func reach(_ how: ReachedBy, _ number: String, _ openURL: OpenURLAction, _ help: HelpModel) {
    let digits = number.filter { $0.isNumber || $0 == "+" || $0 == "*" || $0 == "#" }
    let address =
        switch how {
        case .text: "sms:\(digits)"
        case .web: number.contains("://") ? number : "https://\(number)"
        case .call, .other: "tel:\(digits)"
        }
    guard let url = URL(string: address) else { return help.reached(number, false) }
    openURL(url) { help.reached(number, $0) }
}
