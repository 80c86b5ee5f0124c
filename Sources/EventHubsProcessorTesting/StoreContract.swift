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

public import EventHubsProcessor

/// What a store of leases and checkpoints has to keep to, as checks that any test library can run.
///
/// ```swift
/// @Test(arguments: StoreContract.Check.allCases)
/// func storeKeepsItsPromises(check: StoreContract.Check) async throws {
///     let contract = StoreContract {
///         let database = try Database.inMemory()
///         return (makeStores(database), makeStores(database))
///     }
///     try await contract.verify(check)
/// }
/// ```
///
/// A check makes a new, empty store and uses it as two hosts would. It takes no time but the store's, waits for nothing
/// to expire, and throws a ``StoreContractViolation`` that says which promise was broken.
public struct StoreContract: Sendable {
    /// The two stores as one host uses them.
    public struct Stores: Sendable {
        /// Who owns which partition.
        public let leases: any LeaseManager
        /// How far each partition has been processed.
        public let checkpoints: any CheckpointManager

        /// Makes the pair.
        public init(leases: some LeaseManager, checkpoints: some CheckpointManager) {
            self.leases = leases
            self.checkpoints = checkpoints
        }
    }

    /// One promise.
    public enum Check: String, CaseIterable, Sendable {
        /// Preparing again, for more partitions, changes nothing that is owned.
        case preparingKeepsWhatIsOwned
        /// A lease is listed also for hosts that do not know of its partition yet: it tells them that the hub has grown.
        case addedPartitionIsListed
        /// A partition without a record can be acquired, and is then listed with its owner and its expiry.
        case freePartitionIsAcquired
        /// Of many hosts that claim a partition at once exactly one gets it.
        case raceHasOneWinner
        /// A claim that is based on an old reading is refused.
        case oldReadingLoses
        /// A partition can be acquired from its owner, which can neither renew nor release it any more.
        case ownershipMoves
        /// A lease stays valid by renewal, any number of times, and can be renewed as it was acquired.
        case renewalProlongs
        /// A lease that was given back belongs to nobody, and can be acquired at once.
        case releaseFrees
        /// Where the store counts epochs, they grow with each owner, and not with renewals.
        case epochsGrow
        /// Hosts that announce themselves are listed with what they have said last. As the following: where the lease manager is
        /// cooperative.
        case announcedHostsAreListed
        /// A host that has withdrawn is not listed.
        case withdrawnHostIsGone
        /// A lease can be handed over by its owner, which can neither renew nor release it any more; the next owner acquires it.
        case ownershipIsHandedOver
        /// A lease that was lost cannot be handed over.
        case lostLeaseIsNotHandedOver
        /// After a hand-over the next owner finds the last checkpoint, and the former one writes none.
        case handOverEndsCheckpoints
        /// A partition without a checkpoint has none.
        case missingCheckpointIsNil
        /// A checkpoint is read as it was written, by both hosts.
        case checkpointIsKept
        /// An older checkpoint changes nothing and is no error.
        case checkpointNeverGoesBack
        /// A former owner's checkpoint is refused, with the error that says so.
        case formerOwnerIsRefused
        /// A checkpoint that was forgotten may be followed by one further back; a store may refuse to forget.
        case resetAllowsGoingBack
        /// What is written for one partition changes no other.
        case partitionsAreApart
    }

    /// The stores as two hosts have them, on something new and empty.
    public typealias MakeStores = @Sendable () async throws -> (one: Stores, other: Stores)

    private let leaseDuration: Duration
    private let clock: ProcessorClock
    private let makeStores: MakeStores

    /// Makes the contract of a kind of store.
    ///
    /// - Parameters:
    ///   - leaseDuration: How long leases are to be valid; longer than any check takes.
    ///   - clock: The clock of the stores.
    ///   - makeStores: Makes the stores of two hosts, which share what they keep. Called once for each check.
    public init(
        leaseDuration: Duration = .seconds(60),
        clock: ProcessorClock = .continuous,
        makeStores: @escaping MakeStores
    ) {
        self.leaseDuration = leaseDuration
        self.clock = clock
        self.makeStores = makeStores
    }

    /// Checks one promise.
    ///
    /// - Throws: ``StoreContractViolation`` when it is not kept; what the store throws when it fails.
    public func verify(_ check: Check) async throws {
        let (one, other) = try await makeStores()
        let partitions: [PartitionID] = ["0", "1", "2"]
        for stores in [one, other] {
            try await stores.leases.prepare(for: partitions, leaseDuration: leaseDuration)
        }
        let group = StoreUsers(one: one, other: other, leaseDuration: leaseDuration, clock: clock, check: check)
        switch check {
        case .preparingKeepsWhatIsOwned: try await group.preparingKeepsWhatIsOwned()
        case .addedPartitionIsListed: try await group.addedPartitionIsListed()
        case .freePartitionIsAcquired: try await group.freePartitionIsAcquired()
        case .raceHasOneWinner: try await group.raceHasOneWinner()
        case .oldReadingLoses: try await group.oldReadingLoses()
        case .ownershipMoves: try await group.ownershipMoves()
        case .renewalProlongs: try await group.renewalProlongs()
        case .releaseFrees: try await group.releaseFrees()
        case .epochsGrow: try await group.epochsGrow()
        case .announcedHostsAreListed: try await group.announcedHostsAreListed()
        case .withdrawnHostIsGone: try await group.withdrawnHostIsGone()
        case .ownershipIsHandedOver: try await group.ownershipIsHandedOver()
        case .lostLeaseIsNotHandedOver: try await group.lostLeaseIsNotHandedOver()
        case .handOverEndsCheckpoints: try await group.handOverEndsCheckpoints()
        case .missingCheckpointIsNil: try await group.missingCheckpointIsNil()
        case .checkpointIsKept: try await group.checkpointIsKept()
        case .checkpointNeverGoesBack: try await group.checkpointNeverGoesBack()
        case .formerOwnerIsRefused: try await group.formerOwnerIsRefused()
        case .resetAllowsGoingBack: try await group.resetAllowsGoingBack()
        case .partitionsAreApart: try await group.partitionsAreApart()
        }
    }
}
