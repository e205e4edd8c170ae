package understand

// The words of the shop, and of the people a visit may be for.
const (
	spanishGoods = `champu champus shampoo acondicionador acondicionadores serum serums aceite aceites crema cremas mascarilla mascarillas cepillo
		cepillos peine peines gel geles spray espray laca lacas cera ceras espuma espumas tonico tonicos locion balsamo exfoliante jabon
		plancha planchas rizador secador protector limpiador hidratante polvos kit kits set sets tarjeta bono esmalte esmaltes pintauñas
		horquillas gomas pinzas diadema toalla vela velas perfume colonia pintalabios mascara bruma agua manteca tinte tintes leche
		vitaminas ampollas ampolla quitaesmalte lima matizador desenredante fijador suavizante pack estuche brocha brochas pomada secador secadores suero colorete`
	spanishTraits = `pelo cabello manos mano cara cuerpo pies uñas labios barba rizos rizado seco graso fino capilar peinar noche dia sol regalo
		romero argan coco almendras ricino rosas karite volumen dar corporal facial solar piel raiz puntas verano keratina morado viaje
		caspa caida brillo color teñido aloe arroz cebolla sal`
)

var spanishKin = map[string]string{
	"mother": `madre mama mami ma vieja jefecita`, "daughter": `hija nena nina`, "daughters": `hijas`, "friend": `amiga amigo colega amiguita compa comadre`, "friends": `amigas amigos colegas chicas`,
	"sister": `hermana hermanita`, "brother": `hermano`, "husband": `marido esposo`, "wife": `mujer esposa señora`, "mother-in-law": `suegra`,
	"partner": `pareja`, "father": `padre papa viejo`, "grandmother": `abuela yaya abuelita`, "grandfather": `abuelo yayo`, "boss": `jefa jefe`, "cousin": `prima primo`,
	"girlfriend": `novia`, "boyfriend": `novio`, "colleague": `compañera compañero`, "colleagues": `compañeras compañeros`, "son": `hijo nene niño chaval peque`, "sons": `hijos`,
	"sister-in-law": `cuñada`, "neighbour": `vecina vecino`, "granddaughter": `nieta`, "grandson": `nieto`, "flatmate": `piso`, "aunt": `tia`, "uncle": `tio`,
	"bridesmaids": `damas`, "niece": `sobrina`, "nephew": `sobrino`, "client": `clienta`, "twins": `gemelas gemelos mellizas`, "family": `familia`,
}

var spanishAmounts = map[string]int{
	"uno una un otro otra": 1, "dos par": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "docena": 12,
}
