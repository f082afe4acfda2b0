import Foundation

/// A value of JSON: what a scenario says, and what the clinic answers.
enum Value: Codable, Equatable, Sendable {
    case null
    case flag(Bool)
    case number(Int64)
    case text(String)
    case list([Value])
    case fields([String: Value])

    init(from decoder: any Decoder) throws {
        let one = try decoder.singleValueContainer()
        if one.decodeNil() {
            self = .null
        } else if let flag = try? one.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? one.decode(Int64.self) {
            self = .number(number)
        } else if let text = try? one.decode(String.self) {
            self = .text(text)
        } else if let list = try? one.decode([Value].self) {
            self = .list(list)
        } else {
            self = .fields(try one.decode([String: Value].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var one = encoder.singleValueContainer()
        switch self {
        case .null: try one.encodeNil()
        case .flag(let flag): try one.encode(flag)
        case .number(let number): try one.encode(number)
        case .text(let text): try one.encode(text)
        case .list(let list): try one.encode(list)
        case .fields(let fields): try one.encode(fields)
        }
    }

    subscript(_ field: String) -> Value {
        guard case .fields(let fields) = self else { return .null }
        return fields[field] ?? .null
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var number: Int64? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    var flag: Bool? {
        guard case .flag(let flag) = self else { return nil }
        return flag
    }

    var list: [Value]? {
        guard case .list(let list) = self else { return nil }
        return list
    }

    var texts: [String]? { list?.compactMap(\.text) }

    /// On one line, as the clinic reads it.
    func line() throws -> Data {
        try JSONEncoder().encode(self) + Data("\n".utf8)
    }

    static func read(_ data: Data) throws -> Value {
        try JSONDecoder().decode(Value.self, from: data)
    }
}
