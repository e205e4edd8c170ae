package models

import "time"

// ConsentPurpose is what somebody agrees to, or no longer does.
type ConsentPurpose string

// Purposes.
const (
	PurposePrivacy ConsentPurpose = "privacy" // the privacy notice, in the version it had
	PurposeNews    ConsentPurpose = "news"    // that the salon writes unasked: START and STOP
)

// ConsentChannel is the road a word about consent came by.
type ConsentChannel string

// Channels of consent.
const (
	ConsentByWhatsApp ConsentChannel = "whatsapp"
	ConsentByWeb      ConsentChannel = "web"
	ConsentByPhone    ConsentChannel = "phone"
	ConsentInSalon    ConsentChannel = "salon"
)

// ConsentChannels lists them in the order pages show them.
func ConsentChannels() []ConsentChannel {
	return []ConsentChannel{ConsentByWhatsApp, ConsentByWeb, ConsentByPhone, ConsentInSalon}
}

// ConsentRow is what somebody said once about what the salon may do with their data (R-1001). Rows are never
// rewritten; the last word counts. One without VerifiedAt is what a session claims of a phone.
type ConsentRow struct {
	ID            ID    `gorm:"primaryKey"`
	Seq           int64 `gorm:"->"`
	Purpose       ConsentPurpose
	Granted       bool
	Phone         *string // E.164
	CustomerID    *ID
	SessionID     *ID // of the shop
	Channel       ConsentChannel
	PolicyText    string
	PolicyVersion string
	Actor         string
	VerifiedAt    *time.Time
	CreatedAt     time.Time
}

// TableName is where consents are kept.
func (ConsentRow) TableName() string { return "consents" }

// PhoneCode is a code on its way to a phone; the code itself stands nowhere. Times are machine time.
type PhoneCode struct {
	ID        ID
	SessionID ID     `gorm:"primaryKey"`
	Phone     string `gorm:"primaryKey"` // E.164
	Language  Language
	Nonce     []byte
	Tries     int
	CreatedAt time.Time
	ExpiresAt time.Time
	SentAt    *time.Time
}
