import CompanionCore

/// Hands on what the core says. The core calls it on a thread of its own, one call at a time.
private final class Listener: ChangeListener {
    private let hears: @Sendable (RecordChange) -> Void

    init(_ hears: @escaping @Sendable (RecordChange) -> Void) {
        self.hears = hears
    }

    func onChange(change: RecordChange) {
        hears(change)
    }
}

extension PhoneRecord {
    /// The present state at once, and then each change in its order: its place never falls. Changes that come close
    /// together may be one, which names the kinds of all of them. It goes on after a pause, and ends when the task is
    /// canceled or the stream let go of; the core then calls no more.
    ///
    /// What waits to be read waits in memory, some hundred bytes a change. A screen takes `watching`, which lets
    /// changes go by while it loads.
    public func changes() async throws -> AsyncStream<RecordChange> {
        try await stream(bufferingPolicy: .unbounded) { $0 }
    }

    /// What `load` gives: now, and again after each change of these kinds, where it differs from the one before. Kinds
    /// are named as `kind()` of each list names them; no kinds at all are every change. Changes that come while it
    /// loads are one more load and not one each, and only the newest value waits to be read. Ends when the task is
    /// canceled or the stream let go of.
    ///
    ///     let pages = record.watching([try record.journal().kind()]) { record in
    ///         try await record.journal().page(request: PageRequest())
    ///     }
    ///     for try await page in pages { entries = page.items }
    ///
    /// While the record sleeps nothing is loaded, and once it is resumed everything anew. After a fault inside, and
    /// where another process holds the file, it is loaded once more. Any other error of `load` ends the stream with it.
    public func watching<Value: Equatable & Sendable>(
        _ kinds: Set<String> = [],
        load: @escaping @Sendable (PhoneRecord) async throws -> Value
    ) -> AsyncThrowingStream<Value, any Error> {
        AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task {
                do {
                    var last: Value?
                    for await _ in try await self.calls(to: kinds) {
                        do {
                            let value = try await onceMoreAfterAFault { try await load(self) }
                            if value != last {
                                continuation.yield(value)
                            }
                            last = value
                        } catch CompanionError.Paused {
                            // The next call comes with the resuming.
                        }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// One call for any number of changes of these kinds that nobody has looked at yet.
    private func calls(to kinds: Set<String>) async throws -> AsyncStream<Void> {
        try await stream(bufferingPolicy: .bufferingNewest(1)) { change in
            // A change of no kind is the present state, or how the phone stands: whoever watches is meant.
            let isMeant = kinds.isEmpty || change.kinds.isEmpty || !kinds.isDisjoint(with: change.kinds)
            return isMeant ? () : nil
        }
    }

    /// What an element is made of for each change, until nobody reads any more.
    func stream<Element: Sendable>(
        bufferingPolicy: AsyncStream<Element>.Continuation.BufferingPolicy,
        of element: @escaping @Sendable (RecordChange) -> Element?
    ) async throws -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream.makeStream(of: Element.self, bufferingPolicy: bufferingPolicy)
        let subscription = try await listen(listener: Listener { change in
            if let element = element(change) {
                continuation.yield(element)
            }
        })
        continuation.onTermination = { _ in
            try? subscription.cancel()
        }
        return stream
    }
}

/// After a fault the record is opened anew by the next call, and who is in the way for one moment is gone in the next.
private func onceMoreAfterAFault<Value>(_ load: () async throws -> Value) async throws -> Value {
    do {
        return try await load()
    } catch CompanionError.Internal {
        return try await load()
    } catch CompanionError.InUse {
        return try await load()
    }
}
