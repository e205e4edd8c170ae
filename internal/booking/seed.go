package booking

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/models"
)

// DemoCalendars ends the ids of the demo stylists' calendars: "salma" and this. Only a stand-in has them.
const DemoCalendars = "@calendars.luma.example"

// demoCurrency is what the demo salon charges in.
const demoCurrency = "EUR"

// Seed puts the demo salon "Luma" into the database: services, the pack, stylists, opening
// hours and the closure of 12 October 2026. What is there already stays as it is, so that it can run
// at every start.
func Seed(ctx context.Context, db *database.DB, c clock.Clock) error {
	err := db.InTx(ctx, func(ctx context.Context) error {
		q := db.On(ctx).Clauses(clause.OnConflict{DoNothing: true}).Session(&gorm.Session{})
		now := c.Now()
		for _, rows := range []any{demoServices(now), demoStylists(now), demoHours(), demoClosures(now)} {
			if err := q.Create(rows).Error; err != nil {
				return fmt.Errorf("write %T: %w", rows, err)
			}
		}
		return seedPack(ctx, db, now)
	})
	if err != nil {
		return fmt.Errorf("seed demo salon: %w", err)
	}
	return nil
}

// seedPack writes the pack of highlights and haircut unless it is there.
func seedPack(ctx context.Context, db *database.DB, now time.Time) error {
	pack := demoPack(now)
	made := db.On(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&pack)
	if made.Error != nil || made.RowsAffected == 0 {
		return made.Error
	}
	return fillDemoPack(ctx, db, pack)
}

func demoPack(now time.Time) models.Pack {
	return models.Pack{
		ID: models.NewID(), Code: "PACK_HC", Category: models.Hair, Minutes: 60, PriceMinor: 8000, Currency: demoCurrency,
		Names:  text("Pack: highlights + haircut", "Pack mechas + corte", "باقة هايلايت وقص الشعر"),
		Active: true, CreatedAt: now, UpdatedAt: now,
	}
}

func fillDemoPack(ctx context.Context, db *database.DB, pack models.Pack) error {
	var contents []models.Service
	if err := db.On(ctx).Order("position").Find(&contents, "code IN ?", []string{"HIGHLIGHTS", "CUT"}).Error; err != nil {
		return fmt.Errorf("read pack's services: %w", err)
	}
	for i, s := range contents {
		link := models.PackService{PackID: pack.ID, ServiceID: s.ID, Category: pack.Category, Position: i}
		if err := db.On(ctx).Create(&link).Error; err != nil {
			return fmt.Errorf("fill pack: %w", err)
		}
	}
	return nil
}

func demoStylists(now time.Time) []models.Stylist {
	hair, aesthetics := string(models.Hair), string(models.Aesthetics)
	people := []struct {
		code, name, arabic string
		categories         models.Strings
	}{
		{"salma", "Salma", "سلمى", models.Strings{hair}},
		{"dana", "Dana", "دانا", models.Strings{hair, aesthetics}},
		{"iris", "Iris", "إيريس", models.Strings{aesthetics}},
		{"omar", "Omar", "عمر", models.Strings{hair}},
		{"bruno", "Bruno", "برونو", models.Strings{hair}},
	}
	rows := make([]models.Stylist, len(people))
	for i, p := range people {
		rows[i] = models.Stylist{
			ID: models.NewID(), Code: p.code, Names: text(p.name, p.name, p.arabic), Categories: p.categories,
			Phone: fmt.Sprintf("+4477009002%02d", i+1), Email: p.code + "@luma.example", CalendarID: p.code + DemoCalendars, Position: i + 1, Active: true, CreatedAt: now, UpdatedAt: now,
		}
	}
	return rows
}

func demoHours() []models.OpeningHours {
	var rows []models.OpeningHours
	for day := time.Monday; day <= time.Friday; day++ {
		rows = append(rows, models.OpeningHours{Weekday: day, Opens: "10:00", Closes: "20:00"})
	}
	return append(rows, models.OpeningHours{Weekday: time.Saturday, Opens: "10:00", Closes: "14:00"})
}

// demoClosures is the public holiday of Monday 12 October 2026, in the salon's own zone; its id is
// fixed so that it is written once.
func demoClosures(now time.Time) []models.TimeBlock {
	const summerTime = 2 * 60 * 60
	start := time.Date(2026, time.October, 12, 0, 0, 0, 0, time.FixedZone("CEST", summerTime))
	return []models.TimeBlock{{
		ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("luma/closure/2026-10-12")), StartsAt: start, EndsAt: start.AddDate(0, 0, 1),
		Kind: models.BlockHoliday, Reason: text("public holiday", "día festivo", "عطلة رسمية"), CreatedAt: now,
	}}
}

func text(english, spanish, arabic string) models.Text {
	return models.Text{models.English: english, models.Spanish: spanish, models.Arabic: arabic}
}
