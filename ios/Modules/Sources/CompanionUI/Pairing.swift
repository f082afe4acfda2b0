import CompanionCore
import CompanionKit
import CompanionModels
import SwiftUI

/// Pairing, as far as it got: the link, the words, the wait, and what became of it.
struct PairScreen: View {
    let models: RecordModels

    var body: some View {
        NavigationStack {
            switch models.status.shown {
            case .here(let status):
                switch status.pairing {
                case .alone: LinkPage(models: models)
                case .waiting(let words, let with):
                    WaitingPage(models: models, clinic: status.clinic ?? "", words: words, with: with)
                default: OutcomePage(models: models, clinic: status.clinic ?? "", pairing: status.pairing)
                }
            default: Page("Pair with your clinic") { LoadedPart(models.status) { _ in EmptyView() } }
            }
        }
    }
}

/// Where the link goes.
private struct LinkPage: View {
    @Bindable private var pairing: PairingModel
    private let models: RecordModels

    init(models: RecordModels) {
        self.models = models
        pairing = models.pairing
    }

    var body: some View {
        Page("Pair with your clinic") {
            Text("Open the link that your clinic gave you, or paste it here. It works once, and for a day.")
            Field("Link from your clinic", words: $pairing.link)
                .textInputAutocapitalization(.never)
                .autocorrectionDisabled()
            WhyNot(saving: pairing.trying)
            MainButton(pairing.trying == .now ? "Pairing…" : "Pair") { Task { await pairing.pair() } }
                .disabled(!pairing.canPair)
            Text("Next you compare a few words with somebody at your clinic. Pairing shares nothing that you wrote.")
                .quiet()
        }
        .toolbar { ToolbarItem(placement: .cancellationAction) { Button("Back") { models.go(.welcome) } } }
    }
}

/// The words, or the wait for them.
private struct WaitingPage: View {
    let models: RecordModels
    let clinic: String
    let words: [String]?
    let with: CompareWith

    var body: some View {
        Page(words == nil ? "Waiting for your clinic" : "Compare these words") {
            if let words {
                switch with {
                case .clinic:
                    Text("Somebody at \(clinic) sees the same words. Read them to each other, in person or on the phone. They let your phone in when the words are the same.")
                case .ownPhone:
                    Text("Your first phone shows the same words. Let this phone in there when they are the same.")
                case .nobody: Text("Your recovery words brought this phone back. Your clinic lets it in.")
                }
                ComparedWords(words: words)
                Text("Are the words different? Do not go on. Tell your clinic: somebody else’s phone may be in the way.")
                    .quiet()
            } else {
                Text("Somebody at \(clinic) has to see that your phone has joined. Then words to compare appear here.")
            }
            if case .notNow(let why) = models.exchange.reached { Notice(sentence: why.words) }
            OtherButton("Ask again now") { models.exchange.soon() }
            Text("You can close this page. It goes on by itself.").quiet()
            MainButton("Use the app meanwhile") { models.go(.inside) }
        }
    }
}

/// Large, one below the other, and read aloud as one.
private struct ComparedWords: View {
    let words: [String]

    var body: some View {
        Card {
            ForEach(words, id: \.self) { Text(verbatim: $0).font(.title.weight(.semibold)) }
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(Text("The words are: \(words.joined(separator: ", "))"))
    }
}

/// It is in, or will not be.
private struct OutcomePage: View {
    let models: RecordModels
    let clinic: String
    let pairing: PairingStanding

    var body: some View {
        Page(isIn ? "You are paired" : "Not paired") {
            switch pairing {
            case .paired: Text("This phone is connected with \(clinic).")
            case .notLetIn: Text("\(clinic) did not let this phone in. You can ask them for a new link.")
            case .removed: Text("This phone was removed from the record.")
            default: Text("The account was ended.")
            }
            Text(isIn
                ? "Your care team reads only what you choose to share, one entry at a time."
                : "What you wrote is still on this phone.").quiet()
            MainButton("Continue") { models.go(.inside) }
        }
    }

    private var isIn: Bool {
        if case .paired = pairing { true } else { false }
    }
}
