import CompanionCore
import CompanionKit
import Foundation
import SwiftUI

/// A day and a time, in the zone of where it was: what was evening stays evening.
func told(_ moment: LocalMoment) -> Text {
    Text(moment.instant, format: format(moment).month(.abbreviated).day().year().hour().minute())
}

/// A day of the week with its date.
func toldDay(_ moment: LocalMoment) -> Text {
    Text(moment.instant, format: format(moment).weekday(.wide).month(.wide).day())
}

/// A time of the day.
func toldTime(_ moment: LocalMoment) -> Text {
    Text(moment.instant, format: format(moment).hour().minute())
}

private func format(_ moment: LocalMoment) -> Date.FormatStyle {
    var format = Date.FormatStyle.dateTime
    format.timeZone = moment.zone
    return format
}

/// Who can read something.
func readers(of head: DocumentHead, _ visibility: WhoReads) -> Text {
    guard head.isShared else { return Text("Only me") }
    return visibility == .talkInSession ? Text("Talk about it in a session") : Text("My care team")
}

/// How far something got. A person decides by it whether to wait or to call: it says what is known, and no more.
func whereItIs(_ delivery: Delivery) -> Text {
    switch delivery {
    case .onlyYours: Text("only on your devices")
    case .takenBack(let reached):
        switch reached {
        case .nobody, .clinic:
            Text("only on your devices; shared before, and not opened then as far as this phone knows")
        case .openedBefore, .opened:
            Text("only on your devices; shared before, and somebody at your clinic opened it then")
        case .stillShown:
            Text("taken back on this phone only: your account was ended before that was sent, so your clinic still shows it; ask them not to")
        }
    case .onThisDevice: Text("on this phone, not sent yet")
    case .neverSent: Text("on this phone; it was never sent")
    case .sent: Text("sent, not yet received by the clinic")
    case .delivered(let clinic, let at):
        Text("delivered to \(clinic) at \(told(at)), not opened as far as this phone knows")
    case .opened(let by, let at): Text("opened by \(by) at \(told(at))")
    }
}

/// The word for a step of how somebody is; the least pleasant is 1.
func feelingWord(_ step: Int) -> Text {
    switch step {
    case 1: Text("very unpleasant")
    case 2: Text("unpleasant")
    case 3: Text("slightly unpleasant")
    case 4: Text("neither")
    case 5: Text("slightly pleasant")
    case 6: Text("pleasant")
    default: Text("very pleasant")
    }
}
