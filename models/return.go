package models

import "time"

// ReturnStatus is where a return stands.
type ReturnStatus string

// States of a return.
const (
	ReturnRequested ReturnStatus = "requested"
	ReturnApproved  ReturnStatus = "approved"
	ReturnRejected  ReturnStatus = "rejected"
	ReturnInTransit ReturnStatus = "in_transit"
	ReturnReceived  ReturnStatus = "received"
	ReturnRefunded  ReturnStatus = "refunded"
)

// ReturnStatuses lists the states in the order a return goes through them.
func ReturnStatuses() []ReturnStatus {
	return []ReturnStatus{ReturnRequested, ReturnApproved, ReturnInTransit, ReturnReceived, ReturnRefunded, ReturnRejected}
}

// Open tells whether something is still to be done: an order has one open return at most.
func (s ReturnStatus) Open() bool { return s != ReturnRejected && s != ReturnRefunded }

// Leads tells whether a return goes from s to the next state in one step.
func (s ReturnStatus) Leads(to ReturnStatus) bool {
	switch s {
	case ReturnRequested:
		return to == ReturnApproved || to == ReturnRejected
	case ReturnApproved:
		return to == ReturnInTransit || to == ReturnReceived // who brings it in person sends nothing
	case ReturnInTransit:
		return to == ReturnReceived
	case ReturnReceived:
		return to == ReturnRefunded
	default:
		return false
	}
}

// ReturnReason is why somebody sends something back: a closed list.
type ReturnReason string

// Reasons of returns.
const (
	ReturnDamaged     ReturnReason = "damaged"
	ReturnWrongItem   ReturnReason = "wrong_item"
	ReturnNotAsShown  ReturnReason = "not_as_described"
	ReturnReaction    ReturnReason = "skin_reaction"
	ReturnChangedMind ReturnReason = "changed_mind"
	ReturnOther       ReturnReason = "other"
)

// ReturnReasons lists the reasons in the order people are offered them.
func ReturnReasons() []ReturnReason {
	return []ReturnReason{ReturnDamaged, ReturnWrongItem, ReturnNotAsShown, ReturnReaction, ReturnChangedMind, ReturnOther}
}

// Return is goods of an order on their way back. Its reason is one of ReturnReasons or, from a program, words of
// the customer's own.
type Return struct {
	ID        ID `gorm:"primaryKey"`
	OrderID   ID
	RMACode   string `gorm:"column:rma_code"` // "RMA-7K3M-9QXD", unique, what the customer writes on the parcel
	Status    ReturnStatus
	Reason    string
	Notes     string
	OpenedBy  string // "customer", "staff:<id>", "machine"
	Version   int64  // counts the changes
	Restocked bool   // what came back stands on the shelf again
	// What went back, once it is refunded.
	RefundMinor  int64
	RefundMethod RefundMethod // empty until then
	RefundProof  string       // of money given by hand: a receipt's or transfer's number
	RefundID     *ID          // of a card's payment
	CreatedAt    time.Time
	UpdatedAt    time.Time
	ReceivedAt   *time.Time
	ClosedAt     *time.Time    // refunded or rejected
	Items        []ReturnItem  `gorm:"foreignKey:ReturnID"`
	Photos       []ReturnPhoto `gorm:"foreignKey:ReturnID"`
}

// RefundMethod is how the money of a return goes back.
type RefundMethod string

// Ways back: card is the provider's refund, transfer and cash are paid by hand and proved; nothing goes back of
// what was never paid.
const (
	RefundByCard     RefundMethod = "card"
	RefundByTransfer RefundMethod = "bank_transfer"
	RefundByCash     RefundMethod = "cash"
	RefundNothing    RefundMethod = "nothing"
)

// HandRefunds are the ways a return ends that was not paid by card.
func HandRefunds() []RefundMethod {
	return []RefundMethod{RefundByTransfer, RefundByCash, RefundNothing}
}

// ReturnItem is how many of a line of the order go back, at the price they were bought for.
type ReturnItem struct {
	ID          ID `gorm:"primaryKey"`
	ReturnID    ID
	OrderItemID ID
	ProductID   ID
	SKU         string `gorm:"column:sku"`
	Names       Text
	PriceMinor  int64
	Qty         int
	TotalMinor  int64
}

// ReturnEvent is a line of a return's history.
type ReturnEvent struct {
	ID       ID `gorm:"primaryKey"`
	ReturnID ID
	At       time.Time    // business time
	From     ReturnStatus `gorm:"column:from_status"` // empty of the first
	To       ReturnStatus `gorm:"column:to_status"`
	Actor    string       // "customer", "staff:<id>", "machine"
	Note     string       // in the words of staff; never a customer's
}

// PhotoState tells what became of a picture.
type PhotoState string

// States of a photo. Elsewhere: it came by a channel that keeps it itself.
const (
	PhotoWaiting   PhotoState = "waiting" // to be fetched from the channel
	PhotoKept      PhotoState = "kept"
	PhotoRefused   PhotoState = "refused" // no picture of a kind or size that is kept
	PhotoGone      PhotoState = "gone"    // the channel had it no more
	PhotoElsewhere PhotoState = "elsewhere"
)

// ReturnPhoto is a picture a customer sent of what they return. What it shows lies beside it, once it was fetched.
type ReturnPhoto struct {
	ID        ID `gorm:"primaryKey"`
	ReturnID  ID
	MessageID ID     // that brought it: it is kept once
	MediaID   string // of the channel
	State     PhotoState
	MIME      string `gorm:"column:mime"` // "image/jpeg"; empty until it was fetched
	Bytes     int
	CreatedAt time.Time // business time
}
