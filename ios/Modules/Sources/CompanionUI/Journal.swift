import CompanionCore
import CompanionKit
import CompanionModels
import Foundation
import SwiftUI

/// Entries with their beginning, who can read each, and where it is.
struct JournalScreen: View {
    let models: RecordModels
    @State private var writing: WriteModel?

    var body: some View {
        Group {
            if case .here(let page) = models.journal.watched.shown, !page.items.isEmpty {
                Entries(models: models, page: page)
            } else {
                Page("Journal") {
                    LoadedPart(models.journal.watched) { _ in
                        Card {
                            Text("Nothing is written yet.").heading()
                            Text("What you write appears here, the newest first. It works without a network.").quiet()
                        }
                    }
                }
            }
        }
        .safeAreaInset(edge: .bottom) {
            MainButton("Write") { writing = models.write() }
                .padding(.horizontal)
                .padding(.vertical, 10)
                .background(.bar)
        }
        .task(id: "\(models.journal.rows) \(models.journal.watched.attempt)") { await models.journal.follow() }
        .refreshable { await models.exchange.now() }
        .navigationDestination(for: UUID.self) { EntryScreen(model: models.entry($0)) }
        .sheet(item: $writing) { WriteScreen(model: $0) }
    }
}

private struct Entries: View {
    let models: RecordModels
    let page: EntryPage

    var body: some View {
        List {
            ForEach(page.items, id: \.head.id) { entry in
                NavigationLink(value: entry.head.id) { Beginning(entry: entry) }
            }
            .listRowBackground(Color("Card"))
            if page.next != nil {
                Button("Show older entries") { models.journal.more() }.listRowBackground(Color("Card"))
            }
        }
        .listStyle(.insetGrouped)
        .scrollContentBackground(.hidden)
        .background(Color("Page"))
        .foregroundStyle(Color("Ink"))
        .navigationTitle("Journal")
        .toolbar { ToolbarItem(placement: .topBarTrailing) { HelpButton() } }
    }
}

private struct Beginning: View {
    let entry: EntryView

    var body: some View {
        VStack(alignment: .leading, spacing: 6) {
            if !entry.title.isEmpty { Text(verbatim: entry.title).font(.headline) }
            Text(verbatim: entry.body).lineLimit(3)
            EntryStanding(entry: entry)
        }
        .privacySensitive()
    }
}

/// When it was, who can read it, and where it is: on every entry.
private struct EntryStanding: View {
    let entry: EntryView

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            told(entry.at).quiet()
            Text("Who can read it: \(readers(of: entry.head, entry.visibility))").quiet()
            Text("Where it is: \(whereItIs(entry.head.delivery))").quiet()
        }
    }
}

/// One entry, whole.
struct EntryScreen: View {
    @State private var model: EntryModel

    init(model: EntryModel) { _model = State(initialValue: model) }

    var body: some View {
        Page("Entry") {
            LoadedPart(model.watched) { entry in
                if !entry.title.isEmpty { Text(verbatim: entry.title).heading() }
                Text(verbatim: entry.body).privacySensitive()
                if !entry.head.twoWordings.isEmpty {
                    Text("This was written in two places apart. Both wordings are kept.").quiet()
                }
                Card { EntryStanding(entry: entry) }
            }
        }
        .navigationBarTitleDisplayMode(.inline)
        .task(id: model.watched.attempt) { await model.follow() }
    }
}
