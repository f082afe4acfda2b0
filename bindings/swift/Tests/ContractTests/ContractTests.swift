import CompanionCore
import CompanionKit
import Testing

/// The contract of the boundary, run by Swift: the scenarios of `bindings/contract`, against a real `sync-server`
/// process. One test for each, and one that there are no others.
@Suite(.timeLimit(.minutes(5))) struct ContractTests {
    @Test func pair_and_admit() async throws { try await Run.scenario("pair_and_admit") }
    @Test func not_admitted() async throws { try await Run.scenario("not_admitted") }
    @Test func write_offline() async throws { try await Run.scenario("write_offline") }
    @Test func share_and_withdraw() async throws { try await Run.scenario("share_and_withdraw") }
    @Test func merge() async throws { try await Run.scenario("merge") }
    @Test func listener_order() async throws { try await Run.scenario("listener_order") }
    @Test func wrong_key() async throws { try await Run.scenario("wrong_key") }
    @Test func canceled_write() async throws { try await Run.scenario("canceled_write") }
    @Test func many_calls() async throws { try await Run.scenario("many_calls") }
    @Test func pause_in_a_sync() async throws { try await Run.scenario("pause_in_a_sync") }
    @Test func resume_in_a_pause() async throws { try await Run.scenario("resume_in_a_pause") }
    @Test func panic_in_the_core() async throws { try await Run.scenario("panic_in_the_core") }
    @Test func two_processes() async throws { try await Run.scenario("two_processes") }
    @Test func newer_record() async throws { try await Run.scenario("newer_record") }
    @Test func reminders_over_a_clock_change() async throws {
        try await Run.scenario("reminders_over_a_clock_change")
    }

    /// What is Swift's own: a canceled task ends an exchange that waits for its server.
    @Test func aCanceledTaskGivesUpOnAnExchangeAndTheNextTellsHowFarItGot() async throws {
        try await Run.withAdmittedPhone { record, clinic in
            _ = try await clinic.ask(.fields(["do": .text("hold_server")]))
            let exchange = Task { try await record.exchange() }
            try await clinic.waitForRequest()
            let early = Task { try await record.exchange() }
            early.cancel()
            await #expect(throws: CancellationError.self) { try await early.value }
            exchange.cancel()
            await #expect(throws: CancellationError.self) { try await exchange.value }
            _ = try await clinic.ask(.fields(["do": .text("let_go_of_server")]))
            _ = try await record.journal().create(request: EntryRequest(
                body: "on its way", kind: .reflection, visibility: .careTeam, at: record.now()))
            let (told, tells) = AsyncStream.makeStream(of: SyncProgressView.self)
            _ = try await record.exchange { tells.yield($0) }
            tells.finish()
            #expect(await told.contains { $0.sent > 0 })
        }
    }

    @Test func everyScenarioIsRun() throws {
        let here: Set = [
            "pair_and_admit", "not_admitted", "write_offline", "share_and_withdraw", "merge", "listener_order",
            "wrong_key", "canceled_write", "many_calls", "pause_in_a_sync", "resume_in_a_pause",
            "panic_in_the_core", "two_processes", "newer_record", "reminders_over_a_clock_change",
        ]
        #expect(Set(try Run.scenarios().compactMap { $0["name"].text }) == here)
    }
}
