import CompanionCore
import CompanionKit
import Foundation
import Testing

// An app's first lines, as `bindings/README.md` shows them between these marks; `bindings/ffi/tests/first_lines.rs`
// holds both to the same.

// README:
final class Keys: KeyVault {                                         // over the Keychain
    func key() throws -> Data? { try Keychain.read("record") }
    func keepKey(key: Data) throws { try Keychain.write("record", key) }
}
// :README

/// What stands for Apple's Keychain.
enum Keychain {
    private static let vault = MemoryVault()

    static func read(_ name: String) throws -> Data? { try vault.key() }
    static func write(_ name: String, _ key: Data) throws { try vault.keepKey(key: key) }
}

/// What stands for SwiftUI's.
enum ScenePhase { case background, inactive, active }

@Suite(.timeLimit(.minutes(5))) struct FirstLinesTests {
    private func opened(_ url: URL) async throws -> PhoneRecord {
        // README:
        let record = try await openRecord(request: OpenRequest(path: url.path), vault: Keys(), log: nil)
        // :README
        return record
    }

    private func watch(_ record: PhoneRecord, _ show: ([EntryView]) -> Void) async throws {
        // README:
        for try await page in record.watching(load: { try await $0.journal().page(request: PageRequest()) }) {
            show(page.items)                                                 // now, and after each change
        }
        // :README
    }

    private func begin(_ record: PhoneRecord, _ link: String, _ say: (String) -> Void) async throws {
        // README:
        do {
            _ = try await record.pair(link: link)                            // then compare the words of status()
            _ = try await record.exchange()                                  // gives up when the task is canceled
        } catch CompanionError.Offline(_, let words) {
            say(words)
        } catch let why as CompanionError {                                  // each has words for a person
            say(why.words)
        }
        // :README
    }

    private func follow(_ record: PhoneRecord, _ phases: AsyncStream<ScenePhase>, _ say: (String) -> Void) async {
        // README:
        // One task that hears of each scenePhase in its order: tasks of their own may begin the other way round,
        // and of pauses and resumes the last one that began holds.
        for await phase in phases {
            do {
                switch phase {
                case .background: try await record.pause()                   // closes the files
                case .active: try await record.resume()                      // on the way to the background it is inactive
                default: break
                }
            } catch {                                                        // here: the loop goes on to hear of the next
                say(CompanionError(error).words)
            }
        }
        // :README
    }

    @Test func anAppsFirstLinesOpenARecordSayWhatWentWrongAndSleepAndWake() async throws {
        let folder = try Folder()
        let record = try await opened(folder.url.appendingPathComponent("record.db"))
        let (shown, shows) = AsyncStream.makeStream(of: Int.self)
        let watching = Task { try await watch(record) { shows.yield($0.count) } }
        #expect(await shown.first { _ in true } == 0)
        watching.cancel()
        _ = await watching.result

        let noLink = await error { try await record.pair(link: "no link") }
        var said: [String] = []
        try await begin(record, "no link") { said.append($0) }
        #expect(said == [noLink?.words])

        await follow(record, phases(.background, .inactive)) { said.append($0) }
        #expect(await error { try await record.status() } == .Paused)
        await follow(record, phases(.inactive, .active)) { said.append($0) }
        #expect(try await record.status().pairing == .alone)
        #expect(said == [noLink?.words])
        try await record.pause()
    }

    @Test func aResumeThatFailsIsSaidAndTheNextPhaseIsHeard() async throws {
        let folder = try Folder()
        let url = folder.url.appendingPathComponent("record.db")
        let record = try await opened(url)
        try await record.pause()
        try Data("no record".utf8).write(to: url)
        let lost = await error { try await record.resume() }
        try await record.pause()
        var said: [String] = []
        await follow(record, phases(.active, .background)) { said.append($0) }
        #expect(said == [lost?.words])
        #expect(await error { try await record.status() } == .Paused)
    }

    private func phases(_ all: ScenePhase...) -> AsyncStream<ScenePhase> {
        AsyncStream { phases in
            for phase in all { phases.yield(phase) }
            phases.finish()
        }
    }
}
