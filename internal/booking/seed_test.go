package booking

import (
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
