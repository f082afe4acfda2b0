import CompanionCore

/// Whether what is written now can be shared.
public enum Sharing: Equatable, Sendable {
    case offered
    /// There is nobody to share with: the phone is not paired.
    case nobodyYet
    /// It is the day of a session, or its quiet hours.
    case quietHours
}

/// Whether something can be shared now, as the core says.
func sharing(of record: PhoneRecord) async throws -> Sharing {
    if try await record.sessionDay()?.offers.sharing == false { return .quietHours }
    if case .paired = try await record.status().pairing { return .offered }
    return .nobodyYet
}
