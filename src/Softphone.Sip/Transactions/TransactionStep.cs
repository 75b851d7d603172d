namespace Softphone.Sip;

/// <summary>One row of a transaction table: where to go and what to do.</summary>
public readonly record struct TransactionStep(TransactionState Next, TransactionActions Do);
