import CompanionCore
import Observation

/// How the phone stands, for the screens that show it: what it is paired with, what waits, what a person should know.
///
///     struct TodayScreen: View {
///         let standing: PhoneStanding
///         var body: some View {
///             Text(standing.status?.clinic ?? "")
///                 .task { await standing.follow() }
///                 .refreshable { await standing.exchange() }
///         }
///     }
@MainActor @Observable
public final class PhoneStanding {
    /// The newest; nothing until the first was read.
    public private(set) var status: StatusView?
    /// What the last exchange that ended well did.
    public private(set) var lastExchange: SyncView?
    /// Why the last call of this object did not do what it was asked; nothing once one went well.
    public private(set) var problem: CompanionError?
    /// Whether an exchange of this object's is under way.
    public private(set) var isExchanging = false

    @ObservationIgnored private let record: PhoneRecord

    public init(_ record: PhoneRecord) {
        self.record = record
    }

    /// Keeps it up to date until the task is canceled.
    public func follow() async {
        do {
            for try await status in record.watching(load: { try await $0.status() }) {
                self.status = status
            }
        } catch {
            note(error)
        }
    }

    /// Exchanges with the server until the task is canceled. Does nothing while another one is under way.
    public func exchange() async {
        guard !isExchanging else { return }
        isExchanging = true
        defer { isExchanging = false }
        do {
            lastExchange = try await record.exchange()
            problem = nil
        } catch {
            note(error)
        }
    }

    /// Shows a warning no longer, unless it comes back with other words.
    public func dismiss(_ warning: WarningView) async {
        do {
            try await record.dismissWarning(id: warning.id)
            problem = nil
        } catch {
            note(error)
        }
    }

    /// That somebody gave up is no problem of theirs.
    private func note(_ error: any Error) {
        if !(error is CancellationError) {
            problem = CompanionError(error)
        }
    }
}
