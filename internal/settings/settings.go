// Package settings owns the salon's policies: read at run time, never hard-coded in a message or a
// rule (scenarios section 1). Appointments freeze the ones that bind them (models.Terms).
package settings

import (
	"context"
	"errors"
	"fmt"
	"time"
	_ "time/tzdata" // a time zone file that cannot be read for a moment must not turn the salon's times into UTC

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/models"
)

// Policies are the salon's rules with their defaults. The tag is the key in the table.
type Policies struct {
	Timezone        string `policy:"salon.timezone"`
	Currency        string `policy:"salon.currency"`
	DepositsEnabled bool   `policy:"deposit.enabled"`

	DepositPercent          int         `policy:"deposit.percent"`           // P.deposit.percent
	HoldMinutes             int         `policy:"hold.minutes"`              // P.hold.minutes
	HoldMinutesSameDay      int         `policy:"hold.minutes_same_day"`     // P.hold.minutes_same_day
	HoldWarnBeforeMinutes   int         `policy:"hold.warn_before_min"`      // P.hold.warn_before_min
	HoldRetryExtension      int         `policy:"hold.retry_extension_min"`  // P.hold.retry_extension_min
	PaymentMaxAttempts      int         `policy:"payment.max_attempts"`      // P.payment.max_attempts
	PaymentKeepAfterFailure bool        `policy:"payment.keep_until_expiry"` // P.payment.on_last_failure = keep_until_expiry
	CancelRefundHours       int         `policy:"cancel.refund_hours"`       // P.cancel.refund_hours
	CancelStaffOnlyHours    int         `policy:"cancel.staff_only_hours"`   // P.cancel.staff_only_hours
	CancelLateMoves         int         `policy:"cancel.late_moves"`         // how often a customer may move one visit inside the notice
	SameDayLeadMinutes      int         `policy:"same_day.lead_min"`         // P.same_day.lead_min
	SlotsOffer              int         `policy:"slots.offer"`               // P.slots.offer
	SlotsOfferMax           int         `policy:"slots.offer_max"`           // its maximum
	SlotsGridMinutes        int         `policy:"slots.grid_min"`            // P.slots.grid_min
	PackMaxExtraPercent     int         `policy:"pack.max_extra_percent"`    // P.pack.max_extra_percent
	NameMaxAttempts         int         `policy:"name.max_attempts"`         // P.name.max_attempts
	ClarifyMax              int         `policy:"clarify.max"`               // P.clarify.max
	IndecisionPercent       int         `policy:"indecision.confidence"`     // P.indecision.confidence, in percent
	SenderRatePerMinute     int         `policy:"sender.rate_per_min"`       // P.sender.rate_per_min
	HumanModeHours          int         `policy:"human_mode.ttl_hours"`      // P.human_mode.ttl_hours
	UrgentNotifySeconds     int         `policy:"urgent.notify_seconds"`     // P.urgent.notify_seconds
	CaseAnswerMinutes       int         `policy:"case.answer_min"`           // R-1110, in opening hours
	CaseUrgentMinutes       int         `policy:"case.urgent_answer_min"`    // likewise
	NotifyWhatsApp          bool        `policy:"notify.whatsapp"`           // R-616, as the next three
	NotifyMail              bool        `policy:"notify.mail"`
	NotifySMS               bool        `policy:"notify.sms"`
	NotifyLog               bool        `policy:"notify.log"`
	ModelBelowPercent       int         `policy:"model.below_percent"`  // the model is asked below this confidence; 0 never, 100 always
	MemoryMessages          int         `policy:"memory.messages"`      // P.memory, first figure
	MemoryExchanges         int         `policy:"memory.exchanges"`     // P.memory, second figure
	CheckpointHours         int         `policy:"memory.live_hours"`    // P.memory, third figure
	ArchiveHours            int         `policy:"memory.archive_hours"` // P.memory, fourth figure
	ReminderHours           int         `policy:"reminder.hours"`       // P.reminder.hours
	DelayStaffMinutes       int         `policy:"delay.staff_minutes"`  // P.delay.staff_if_minutes_to_start
	DelayLateMinutes        int         `policy:"delay.late_minutes"`   // the delay beyond which staff decide
	ArabicDigits            bool        `policy:"text.arabic_digits"`
	AssistantName           models.Text `policy:"assistant.name"`
	SalonName               models.Text `policy:"salon.name"`
	SalonEmoji              string      `policy:"assistant.emoji"`
	PrivacyURL              string      `policy:"privacy.url"`
	PrivacyVersion          string      `policy:"privacy.version"`               // R-1004: whoever agreed to another one is asked again
	ShopShippingMinor       int         `policy:"shop.shipping_flat_minor"`      // R-728, of carts in any currency that has no figures of its own
	ShopFreeFromMinor       int         `policy:"shop.shipping_free_from_minor"` // R-728, of the subtotal; 0: always free
	ShopShippingElsewhere   string      `policy:"shop.shipping_by_currency"`     // "GBP 1800 9000, SAR 8000 40000"; read by Shipping
	ShopCOD                 bool        `policy:"shop.cod"`                      // orders may be paid on delivery
	ShopReserveCardMinutes  int         `policy:"shop.reserve_card_min"`
	ShopReserveCODHours     int         `policy:"shop.reserve_cod_hours"`
	RefundAloneMinor        int         `policy:"refund.alone_minor"`            // R-1109: finance alone, up to this amount
	RefundAskMinor          int         `policy:"refund.ask_minor"`              // R-1109: others who may ask, likewise
	RefundMachineMinor      int         `policy:"refund.machine_minor"`          // R-1109: programs, likewise
	RefundApproveHours      int         `policy:"refund.approve_hours"`          // R-1109: how long a request waits for a second person

	zone *time.Location // of Timezone as it was read; to find it anew costs a file
}

// Defaults are the policies of a salon that changed nothing.
func Defaults() Policies {
	return Policies{
		Timezone: "Europe/Madrid", Currency: "EUR", DepositsEnabled: true,
		DepositPercent: 20, HoldMinutes: 30, HoldMinutesSameDay: 15, HoldWarnBeforeMinutes: 5,
		HoldRetryExtension: 15, PaymentMaxAttempts: 2, CancelRefundHours: 24, CancelStaffOnlyHours: 6, CancelLateMoves: 1,
		SameDayLeadMinutes: 60, SlotsOffer: 2, SlotsOfferMax: 3, SlotsGridMinutes: 30,
		PackMaxExtraPercent: 50, NameMaxAttempts: 2, ClarifyMax: 3, SenderRatePerMinute: 10, IndecisionPercent: 70, HumanModeHours: 24,
		NotifyWhatsApp: true, NotifyMail: true, NotifySMS: true, NotifyLog: true,
		UrgentNotifySeconds: 120, ReminderHours: 48, DelayStaffMinutes: 60, DelayLateMinutes: 30,
		ModelBelowPercent: 60, MemoryMessages: 10, MemoryExchanges: 5, CheckpointHours: 24, ArchiveHours: 23,
		CaseAnswerMinutes: 60, CaseUrgentMinutes: 15,
		AssistantName:     models.Text{"en": "Luma's assistant", "es": "la asistente de Luma", "ar": "مساعدة لوما"},
		SalonName:         models.Text{"en": "Luma", "es": "Luma", "ar": "لوما"},
		SalonEmoji:        "✨",
		PrivacyVersion:    "2026-10",
		ShopShippingMinor: 2000, ShopFreeFromMinor: 10000, ShopCOD: true, ShopReserveCardMinutes: 60, ShopReserveCODHours: 48,
		RefundAloneMinor: 5000, RefundAskMinor: 0, RefundApproveHours: 72,
	}
}

// Zone is the salon's time zone; UTC when the name is unknown.
func (p Policies) Zone() *time.Location {
	if p.zone != nil && p.zone.String() == p.Timezone {
		return p.zone
	}
	zone, err := time.LoadLocation(p.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Store reads and writes policies.
type Store struct {
	db       *database.DB
	clock    clock.Clock
	log      *audit.Log
	policies *database.Kept[Policies]
}

// New makes a store on the database.
func New(db *database.DB, c clock.Clock) *Store {
	s := &Store{db: db, clock: c, log: audit.New(db, c)}
	s.policies = database.Keep(db, s.read)
	return s
}

// Kept is Policies that nobody changes until the transaction on the context ends: for what is written by
// them and must agree with them (D13). It comes before every lock on a row.
func (s *Store) Kept(ctx context.Context) (Policies, error) {
	if !database.InTransaction(ctx) {
		return Policies{}, errors.New("keep policies: no transaction on the context")
	}
	if err := s.db.On(ctx).Exec("LOCK TABLE settings IN SHARE MODE").Error; err != nil {
		return Policies{}, fmt.Errorf("keep policies: %w", err)
	}
	return s.read(ctx)
}

// Policies are the policies in force, read once per edition (database.Kept): nobody changes their texts.
func (s *Store) Policies(ctx context.Context) (Policies, error) { return s.policies.Of(ctx) }

// read is the policies in force: the table's values over the defaults.
func (s *Store) read(ctx context.Context) (Policies, error) {
	var rows []models.Setting
	if err := s.db.On(ctx).Find(&rows).Error; err != nil {
		return Policies{}, fmt.Errorf("read policies: %w", err)
	}
	p := Defaults()
	for _, row := range rows {
		if err := p.set(row.Key, row.Value); err != nil {
			return Policies{}, err
		}
	}
	p.zone = p.Zone()
	return p, nil
}
