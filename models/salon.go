package models

import "time"

// Category divides the salon's work; two categories never share one appointment (P.categories.mix).
type Category string

// The two categories of the salon.
const (
	Hair       Category = "hair"
	Aesthetics Category = "aesthetics"
)

// Service is one thing a stylist does.
type Service struct {
	ID         ID `gorm:"primaryKey"`
	Code       string
	Category   Category
	Minutes    int
	PriceMinor int64
	Currency   string
	// DepositPercent overrides the salon's percentage; nil follows the policy.
	DepositPercent *int
	Names          Text
	Synonyms       Words
	Position       int
	Active         bool
	Version        int // counts the changes by people, so that two of them notice each other
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// Pack is a set of services sold together at one price and length. Its saving is always
// computed from today's prices, never stored (C10).
type Pack struct {
	ID         ID `gorm:"primaryKey"`
	Code       string
	Category   Category
	Minutes    int
	PriceMinor int64
	Currency   string
	Names      Text
	Active     bool
	Version    int
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Services   []PackService `gorm:"foreignKey:PackID"`
}

// Beside are those of the services that are not part of the pack: what a visit books besides it. A service
// named more often than the pack holds it is beside it too.
func (p Pack) Beside(services []Service) []Service {
	left := map[ID]int{}
	for _, part := range p.Services {
		left[part.ServiceID]++
	}
	var beside []Service
	for _, s := range services {
		if left[s.ID]--; left[s.ID] < 0 {
			beside = append(beside, s)
		}
	}
	return beside
}

// PackService says that a pack contains a service. Both are of its category; the database sees to it.
type PackService struct {
	PackID    ID `gorm:"primaryKey"`
	ServiceID ID `gorm:"primaryKey"`
	Category  Category
	Position  int
}

// Stylist is a person customers book.
type Stylist struct {
	ID         ID `gorm:"primaryKey"`
	Code       string
	Names      Text
	Categories Strings
	Phone      string  // E.164; where WhatsApp notices go; empty when there is none
	Email      string  // where mail goes; empty when there is none
	SMSPhone   string  // E.164; where SMS go; empty: to Phone
	Channels   Strings // of notices, in the order they are tried; empty: NoticeChannels
	CalendarID string  // of the calendar outside that they keep, at its provider; empty when there is none
	Position   int
	Active     bool
	Version    int
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Does tells whether the stylist works in the category.
func (s Stylist) Does(c Category) bool { return s.Categories.Has(string(c)) }

// OpeningHours is one weekday's opening in salon wall time. No row: closed that day.
type OpeningHours struct {
	Weekday time.Weekday `gorm:"primaryKey;autoIncrement:false"`
	Opens   string       // "10:00"
	Closes  string       // "20:00"
}

// TableName keeps GORM from guessing the plural.
func (OpeningHours) TableName() string { return "opening_hours" }

// BlockKind says why time is closed.
type BlockKind string

// Kinds of closed time. A salon-wide block (no stylist) closes the whole salon.
const (
	BlockHoliday  BlockKind = "holiday"
	BlockClosed   BlockKind = "closed"
	BlockVacation BlockKind = "vacation"
	BlockDayOff   BlockKind = "day_off"
	BlockBreak    BlockKind = "break"
	BlockBusy     BlockKind = "busy"
)

// TimeBlock is time that cannot be booked: of one stylist, or of the salon when StylistID is nil
//
type TimeBlock struct {
	ID        ID `gorm:"primaryKey"`
	StylistID *ID
	StartsAt  time.Time
	EndsAt    time.Time
	Kind      BlockKind
	Reason    Text   // customers are told it
	Note      string // staff's own words, which no customer reads
	CreatedBy string // "staff:<id>"; empty for what came with the salon
	EntryID   string // of the stylist's calendar outside, where it stands; empty: it was closed here
	CreatedAt time.Time
}

// ClosesSalon tells whether the block closes the whole salon: it stands on no stylist's calendar, or
// its kind says so on whichever calendar it was written. Days off, breaks and busy times
// close their stylist alone.
func (b TimeBlock) ClosesSalon() bool {
	return b.StylistID == nil || b.Kind == BlockHoliday || b.Kind == BlockClosed || b.Kind == BlockVacation
}

// WeeklyBreak is a stylist's pause on one weekday, in salon wall time.
type WeeklyBreak struct {
	ID        ID `gorm:"primaryKey"`
	StylistID ID
	Weekday   time.Weekday
	Starts    string
	Ends      string
}
