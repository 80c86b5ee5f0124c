//===----------------------------------------------------------------------===//
//
// This source file is part of the swift-event-hubs open source project
//
// Copyright (c) 2026 the swift-event-hubs authors
// Licensed under Apache License v2.0
//
// See LICENSE for license information
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

/// The words of one rule of a fault plan, and where each stands.
struct FaultWords {
    struct Word: Equatable {
        var text: String
        /// From 1
        var column: Int
        /// Whether it stood in quotation marks.
        var isQuoted = false
    }

    private let line: String
    private let number: Int
    private var words: ArraySlice<Word>

    /// Takes a line apart into its rules; empty ones are left out.
    static func rules(of line: String, number: Int) throws(FaultPlanError) -> [FaultWords] {
        var rules: [[Word]] = [[]]
        var word: Word?
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" || character == "\r" }
        loop: for (index, character) in line.enumerated() {
            if word?.isQuoted == true {
                if character == "\"" {
                    rules[rules.count - 1] += [word].compactMap { $0 }
                    word = nil
                } else {
                    word?.text.append(character)
                }
                continue
            }
            switch character {
            case _ where isBlank(character), ";", "#", "\"":
                if let ended = word { rules[rules.count - 1].append(ended) }
                word = character == "\"" ? Word(text: "", column: index + 1, isQuoted: true) : nil
                if character == ";" { rules.append([]) }
                if character == "#" { break loop }
            default:
                if word == nil { word = Word(text: "", column: index + 1) }
                word?.text.append(character)
            }
        }
        if let word {
            guard !word.isQuoted else {
                throw FaultPlanError("the text has no end", line: number, column: word.column, text: line)
            }
            rules[rules.count - 1].append(word)
        }
        return rules.filter { !$0.isEmpty }.map { FaultWords(line: line, number: number, words: split($0)[...]) }
    }

    /// Makes the colon that ends the options a word of its own: conditions have colons too.
    private static func split(_ words: [Word]) -> [Word] {
        guard let index = words.firstIndex(where: { !$0.isQuoted && $0.text.hasSuffix(":") }) else { return words }
        var words = words
        let column = words[index].column + words[index].text.count - 1
        words[index].text.removeLast()
        words.insert(Word(text: ":", column: column), at: index + 1)
        if words[index].text.isEmpty { words.remove(at: index) }
        return words
    }

    var next: Word? { words.first }

    /// The next word, which has to be there.
    mutating func take(_ what: String) throws(FaultPlanError) -> String {
        guard let word = words.first, word.text != ":" else { throw error("here should be \(what)", at: words.first) }
        words.removeFirst()
        return word.text
    }

    /// The next word unless it is the colon.
    mutating func takeOption() -> Word? {
        guard let word = words.first, word.text != ":" else { return nil }
        words.removeFirst()
        return word
    }

    mutating func takeColon() throws(FaultPlanError) {
        guard words.first?.text == ":" else { throw error("here should be a colon and an action", at: words.first) }
        words.removeFirst()
    }

    mutating func takeQuoted() -> String? {
        guard let word = words.first, word.isQuoted else { return nil }
        words.removeFirst()
        return word.text
    }

    /// An error at a word, or at the line's end.
    func error(_ message: String, at word: Word?) -> FaultPlanError {
        FaultPlanError(message, line: number, column: word?.column ?? line.count + 1, text: line)
    }
}
