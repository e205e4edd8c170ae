package booking

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"frontdesk/models"
)

func TestSeedIsTheSalonOfTheScenariosAndRunsTwice(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	s.must(s.db.On(s.ctx).Model(&models.Service{}).Where("code = 'CUT'").Update("price_minor", 9999).Error)
	s.must(Seed(s.ctx, s.db, s.clock))
	menu, err := s.Menu(s.ctx)
	s.must(err)
	if len(menu.Services) != 23 || len(menu.Packs) != 1 || len(menu.Stylists) != 5 {
		t.Errorf("got %d services, %d packs, %d stylists, want 23, 1, 5", len(menu.Services), len(menu.Packs), len(menu.Stylists))
	}
	if cut, _ := menu.Service("CUT"); cut.PriceMinor != 9999 {
		t.Errorf("got price %d, want the salon's own 9999 kept", cut.PriceMinor)
	}
	hours, err := s.Hours(s.ctx)
	s.must(err)
	if len(hours) != 6 || hours[0].Opens != "10:00" || hours[5].Closes != "14:00" {
		t.Errorf("got hours %+v, want Monday to Saturday", hours)
	}
	blocks, err := s.Blocks(s.ctx, s.day("2026-10-01"), s.day("2026-11-01"))
	s.must(err)
	if len(blocks) != 1 || !blocks[0].StartsAt.Equal(s.day("2026-10-12")) || !blocks[0].EndsAt.Equal(s.day("2026-10-13")) {
		t.Errorf("got closures %+v, want all of 12 October", blocks)
	}
	dana, _ := menu.Stylist(s.stylist("dana"))
	if !dana.Does(models.Hair) || !dana.Does(models.Aesthetics) || dana.Phone != "+447700900202" || dana.Names.In(models.Arabic) != "دانا" {
		t.Errorf("got %+v, want Dana in both categories", dana)
	}
	if n := len(menu.StylistsFor(models.Hair)); n != 4 {
		t.Errorf("got %d hair stylists, want 4", n)
	}
}

func TestSeededWordsExistInEveryLanguage(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	for _, service := range s.menu.Services {
		for _, lang := range models.Languages() {
			if service.Names[lang] == "" || len(service.Synonyms[lang]) == 0 {
				t.Errorf("%s: no name or no synonyms in %s", service.Code, lang)
			}
		}
	}
	ambiguous := map[models.Language][]string{
		models.English: {"colour", "color", "tint", "dye"}, models.Spanish: {"color", "tinte", "coloración"}, models.Arabic: {"صبغة", "لون"},
	}
	for lang, words := range ambiguous {
		for _, word := range words {
			var codes []string
			for _, service := range s.menu.Services {
				if models.Strings(service.Synonyms[lang]).Has(word) {
					codes = append(codes, service.Code)
				}
			}
			if len(codes) != 2 || codes[0] != "OIL_COLOUR" || codes[1] != "COLOUR_FULL" {
				t.Errorf("%q: got %v, want both colours", word, codes)
			}
		}
	}
}

// Whatever people did to the menu and the times, the stand-ins find the demo salon as it was seeded.
func TestTheDemoSalonIsRestored(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	u := s.upkeep()
	picture := func() (lines []string) {
		menu, err := s.Menu(s.ctx)
		s.must(err)
		for _, r := range menu.Services {
			lines = append(lines, fmt.Sprint(r.ID, r.Code, r.Category, r.Minutes, r.PriceMinor, r.Names, r.Synonyms, r.Position))
		}
		for _, r := range menu.Packs {
			lines = append(lines, fmt.Sprint(r.Code, r.Minutes, r.PriceMinor, r.Names, len(r.Services)))
		}
		for _, r := range menu.Stylists {
			lines = append(lines, fmt.Sprint(r.ID, r.Code, r.Names, r.Categories, r.Phone, r.Position))
		}
		hours, err := s.Hours(s.ctx)
		s.must(err)
		return append(lines, WeekText(hours))
	}
	before := picture()
	visit := s.held(s.person(), "salma", "2026-10-09 12:00", "MOISTURE")
	cut := s.service("CUT")
	e := cutEdit(cut)
	e.PriceMinor, e.Minutes, e.Names = 9900, 120, text("Cut", "Corte", "قص")
	_, err := u.ChangeService(s.ctx, boss, cut.ID, cut.Version, e)
	s.must(err)
	_, err = u.RetireService(s.ctx, boss, s.service("FACIAL").ID)
	s.must(err)
	added, err := u.AddService(s.ctx, boss, e)
	s.must(err)
	s.held(s.person(), "omar", "2026-10-09 12:00", "CUT")
	_, err = u.AddPack(s.ctx, boss, PackEdit{ServiceIDs: []models.ID{added.ID, cut.ID}, Minutes: 60, PriceMinor: 100, Names: text("P", "P", "ب")})
	s.must(err)
	s.must(u.MoveService(s.ctx, boss, cut.ID, false))
	_, err = u.AddStylist(s.ctx, boss, StylistEdit{Names: text("Zoe", "Zoe", "زوي"), Categories: []models.Category{models.Hair}})
	s.must(err)
	dana := s.stylist("dana")
	_, err = u.ChangeStylist(s.ctx, boss, dana, 0, StylistEdit{Names: text("D", "D", "د"), Categories: []models.Category{models.Hair}, Phone: "+447700900299"})
	s.must(err)
	hours, err := s.Hours(s.ctx)
	s.must(err)
	s.must(u.SetHours(s.ctx, boss, hours, weekOf("12:00", "14:00", 1), true))
	_, err = u.AddSet(s.ctx, boss, SetEdit{Names: text("S", "S", "س"), From: "2026-10-07", To: "2026-10-20"}, true)
	s.must(err)
	s.must(Restore(s.ctx, s.db, s.clock))
	after := picture()
	if !slices.Equal(before, after) {
		t.Errorf("restored to\n%s\nwant\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
	if _, set, err := s.HoursOn(s.ctx, s.at("2026-10-08 10:00")); err != nil || set != nil {
		t.Errorf("a set holds: %v (%v)", set, err)
	}
	if got := s.status(visit.ID); got != models.Provisional {
		t.Errorf("a visit became %s", got)
	}
}
