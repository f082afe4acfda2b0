import CompanionCore
import CompanionKit
public import CompanionModels
public import SwiftUI

/// The whole app: the place where the person is, or why there is none yet. Help stands beside all of it.
public struct RootScreen: View {
    @Environment(\.scenePhase) private var scenePhase
    private let door: RecordDoor
    private let help: HelpModel

    public init(door: RecordDoor, help: HelpModel) {
        self.door = door
        self.help = help
    }

    public var body: some View {
        ZStack {
            Group {
                switch door.standing {
                case .opening: NavigationStack { Page("Companion") { Opening() } }
                case .shut(let why): ShutScreen(door: door, why: why)
                case .open(let models): RecordScreen(models: models)
                }
            }
            // What somebody was doing stays below it.
            .accessibilityHidden(door.isCovered)
            if door.isCovered { Cover() }
        }
        .environment(help)
        .task { await door.live() }
        .onChange(of: scenePhase) { _, phase in
            switch phase {
            case .active: door.wake()
            case .background: door.sleep()
            default: door.cover()
            }
        }
    }
}

/// What the app switcher shows: the product's mark, and nothing of the record.
private struct Cover: View {
    var body: some View {
        VStack(spacing: 16) {
            Mark()
            Text("Paused").quiet()
        }
        .frame(maxWidth: .infinity, maxHeight: .infinity)
        .background(Color("Page"))
    }
}

/// The record can't be opened: why, what can be done, and that help is there all the same.
private struct ShutScreen: View {
    let door: RecordDoor
    let why: CompanionError

    var body: some View {
        NavigationStack {
            if isKeyGone {
                Page("This record has no key here") {
                    Text("There is a record on this phone, and the key that opens it is not here. That happens when a backup was restored, or the phone was reset: the key never leaves the phone that it was made on.")
                    Text("Nothing was changed or deleted. If you still have the phone that you wrote on, your words are there. Your recovery words can bring them back as well.").quiet()
                    after
                }
            } else {
                Page("Can’t open right now") {
                    Notice(sentence: why.words)
                    Text("Nothing was changed or deleted.").quiet()
                    after
                }
            }
        }
    }

    @ViewBuilder private var after: some View {
        Text("Whom to call is still here: tap Help now.").quiet()
        MainButton("Try again") { door.tryAgain() }
    }

    private var isKeyGone: Bool {
        if case .NoKey = why { true } else { false }
    }
}

/// The open record.
private struct RecordScreen: View {
    let models: RecordModels

    var body: some View {
        Group {
            switch models.place {
            case nil: NavigationStack { Page("Companion") { Opening() } }
            case .welcome: WelcomeScreen { models.go(.pairing) } onAlone: { models.go(.inside) }
            case .pairing: PairScreen(models: models)
            case .inside: Inside(models: models)
            }
        }
        .task(id: models.status.attempt) { await models.live() }
    }
}

private struct Inside: View {
    private enum Part: Hashable {
        case today, journal
    }

    let models: RecordModels
    @State private var part = Part.today

    var body: some View {
        TabView(selection: $part) {
            NavigationStack { TodayScreen(models: models) }
                .tabItem { Label("Today", systemImage: "sun.max") }
                .tag(Part.today)
            NavigationStack { JournalScreen(models: models) }
                .tabItem { Label("Journal", systemImage: "book.closed") }
                .tag(Part.journal)
        }
    }
}
