package models

import (
	"database/sql/driver"
	"time"
)

// AppointmentStatus is where a visit stands (scenarios section 1).
type AppointmentStatus string

// States of an appointment. The live ones occupy the stylist's time: the exclusion constraint
// appointments_no_overlap forbids two of them to overlap.
const (
	Provisional       AppointmentStatus = "provisional"
	Confirmed         AppointmentStatus = "confirmed"
	ReschedulePending AppointmentStatus = "reschedule_pending"
	Completed         AppointmentStatus = "completed"
	NoShow            AppointmentStatus = "no_show"
	Cancelled         AppointmentStatus = "cancelled"
	Expired           AppointmentStatus = "expired"
	Released          AppointmentStatus = "released"
)

// Live tells whether the status occupies the stylist's time.
func (s AppointmentStatus) Live() bool {
	return s == Provisional || s == Confirmed || s == ReschedulePending
}

// DepositState is where an appointment's deposit stands (C20).
type DepositState string

// States of a deposit.
const (
	DepositNone          DepositState = "none"
	DepositPending       DepositState = "pending"
	DepositPaid          DepositState = "paid"
	DepositRefundPending DepositState = "refund_pending"
	DepositRefunded      DepositState = "refunded"
	DepositForfeited     DepositState = "forfeited"
)

// Terms are the policies in force when the appointment was made. Later edits of the
// policies never change them.
type Terms struct {
	DepositPercent        int  `json:"deposit_percent"`
	HoldMinutes           int  `json:"hold_minutes"`
	HoldWarnBeforeMinutes int  `json:"hold_warn_before_minutes"`
	CancelRefundHours     int  `json:"cancel_refund_hours"`
	CancelStaffOnlyHours  int  `json:"cancel_staff_only_hours"`
	SameDay               bool `json:"same_day"`
}

// StaffOnly tells whether that much notice leaves a change to staff alone (C01, R-507).
func (t Terms) StaffOnly(notice time.Duration) bool {
	return notice < time.Duration(t.CancelStaffOnlyHours)*time.Hour
}

// Late tells whether that much notice is too little for the deposit to go back (C02).
func (t Terms) Late(notice time.Duration) bool {
	return notice < time.Duration(t.CancelRefundHours)*time.Hour
}

// Value stores the terms as JSON.
func (t Terms) Value() (driver.Value, error) { return toJSON(t) }

// Scan reads the terms from JSON.
func (t *Terms) Scan(src any) error { return fromJSON(src, t) }

// Appointment is a stylist's time, made of one or more services.
type Appointment struct {
	ID             ID `gorm:"primaryKey"`
	StylistID      ID
	CustomerID     ID
	BookedByID     ID  // differs from CustomerID for third parties
	ConversationID *ID // where to talk about it
	GroupID        *ID
	PackID         *ID
	StartsAt       time.Time
	EndsAt         time.Time
	Status         AppointmentStatus
	TotalMinor     int64
	Currency       string
	DepositMinor   int64
	DepositState   DepositState
	Terms          Terms
	HoldExpiresAt  *time.Time
	// RescheduleUntil is when a visit being moved stands again by itself; LateMoves how often its customer
	// moved it inside the notice.
	RescheduleUntil *time.Time
	LateMoves       int
	WarnedAt        *time.Time
	ForName         string
	CreatedAt       time.Time
	UpdatedAt       time.Time
	// Version counts the changes of what people act on: state, deposit, time, stylist, a hold's end. It
	// begins at 1.
	Version int64 `gorm:"default:1"`
	// AgreedAt is when the present time was agreed, once the visit was moved; nil: when it was booked.
	AgreedAt *time.Time
	Reminder Reminder          `gorm:"embedded;embeddedPrefix:reminder_"`
	Delay    Delay             `gorm:"embedded;embeddedPrefix:delay_"`
	Lines    []AppointmentLine `gorm:"foreignKey:AppointmentID"`
}

// Span is the time the appointment takes.
func (a Appointment) Span() Span { return Span{a.StartsAt, a.EndsAt} }

// Notice is how long it is until the visit begins; negative once it has.
func (a Appointment) Notice(now time.Time) time.Duration { return a.StartsAt.Sub(now) }

// DueMinor is what is left to pay at the salon.
func (a Appointment) DueMinor() int64 {
	if a.DepositState == DepositPaid {
		return a.TotalMinor - a.DepositMinor
	}
	return a.TotalMinor
}

// AppointmentLine is one service of an appointment at the price of the day it was booked. The lines
// of a pack carry the single prices; the appointment's total is the pack's.
type AppointmentLine struct {
	ID            ID `gorm:"primaryKey"`
	AppointmentID ID
	ServiceID     ID
	Position      int
	Minutes       int
	PriceMinor    int64
}

// AppointmentEvent is one change of an appointment: who, when, why.
type AppointmentEvent struct {
	ID            ID `gorm:"primaryKey"`
	AppointmentID ID
	FromStatus    AppointmentStatus
	ToStatus      AppointmentStatus
	FromDeposit   DepositState
	ToDeposit     DepositState
	Actor         string // "customer", "system", "stripe" or "staff:<id>"
	Reason        string // a word of the product, e.g. "hold.created"; never free text of a customer
	Note          string // why, in the words of the salon's person who did it
	At            time.Time
	// A move keeps where the visit was and where it went; nil for every other change.
	FromStylistID, ToStylistID *ID
	FromStartsAt, ToStartsAt   *time.Time
}

// Moved tells whether the change took the visit to another time or stylist.
func (e AppointmentEvent) Moved() bool { return e.FromStartsAt != nil }
