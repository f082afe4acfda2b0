import CompanionCore
import CompanionKit
import CompanionModels
import SwiftUI

/// One card that matters now, and below it what is always there.
struct TodayScreen: View {
    let models: RecordModels
    @State private var checkIn: CheckInModel?
    @State private var writing: WriteModel?

    var body: some View {
        Page("Today") {
            if case .notNow(let why) = models.exchange.reached {
                Notice(sentence: why.words)
                OtherButton("Try again") { models.exchange.soon() }
            }
            LoadedPart(models.today.watched) { today in
                CardNow(models: models, card: today.card) { checkIn = models.checkIn($0) }
                ForEach(today.warnings, id: \.id) { Notice(sentence: $0.words) }
                if let reply = today.reply { ReplyCard(reply: reply) }
                OtherButton("Write something") { writing = models.write() }
                if today.offersCheckIn { OtherButton("Check in") { checkIn = models.checkIn() } }
                if today.waiting > 0 {
                    Text("\(today.waiting) changes are saved on this phone and not sent yet.").quiet()
                }
            }
        }
        .task(id: models.today.watched.attempt) { await models.today.follow() }
        .refreshable { await models.exchange.now() }
        .sheet(item: $checkIn) { CheckInScreen(model: $0) }
        .sheet(item: $writing) { WriteScreen(model: $0) }
    }
}

private struct CardNow: View {
    let models: RecordModels
    let card: Today.Card
    let onFeeling: @MainActor (Int) -> Void

    var body: some View {
        Card {
            switch card {
            case .waiting(let clinic, let hasWords):
                Text("Waiting for \(clinic)").heading()
                Text(hasWords
                    ? "There are words to compare with them."
                    : "Somebody there has to let your phone in. You can write meanwhile.").quiet()
                MainButton(hasWords ? "Compare the words" : "See how it stands") { models.go(.pairing) }
            case .session(let session): SessionToday(session: session)
            case .checkIn:
                Text("How are you right now?").heading()
                Feelings(chosen: nil, onChoose: onFeeling)
                Text("Tap one, then Done. It takes a few seconds.").quiet()
            case .next(let session):
                Text("Your next session, number \(Int(session.number))").heading()
                toldDay(session.at).font(.title2)
                Text("at \(toldTime(session.at))")
                if !session.place.isEmpty { Text(verbatim: session.place).quiet() }
            case .calm(let checkIn):
                Text("Nothing is asked of you now").heading()
                Text("You checked in today: \(feelingWord(Int(checkIn.valence))).")
            }
        }
    }
}

private struct SessionToday: View {
    let session: SessionTodayView

    var body: some View {
        Text("Session \(Int(session.number)) is today").heading()
        switch session.stage {
        case .before: Text("It begins at \(toldTime(session.times.begins)).")
        case .during: Text("Your phone can rest. Speak to the people with you.")
        case .after:
            Text("Rest now. What you write stays private, until \(told(session.times.quietUntil)) at least.")
        case .nextDay: Text("The quiet hours are over. What you wrote in them is still yours alone.")
        }
        if !session.place.isEmpty { Text(verbatim: session.place).quiet() }
    }
}

private struct ReplyCard: View {
    let reply: ReplyView

    var body: some View {
        Card {
            Text("A reply from \(reply.by)").heading()
            Text(verbatim: reply.body).lineLimit(6)
            told(reply.at).quiet()
        }
    }
}
