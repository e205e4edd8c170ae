package understand

// spanishMenu are wordings of the usual services.
var spanishMenu = []entry[string]{
	{"", `
		pedi|pedire un|una|cita|a|que|si|mis|otra|dos|tres|hora|por|el|la|los
		que|os|le|te|les|ya|no|lo|me|la|cuando|si pedi|pedire
		nada de corte
		hongos en las uñas de? los? pies?
		corte en un dedo
		rulos|trenzas africanas
		barba no
		corte|cortes de luz|digestion|manga
		un? corte en la|el mano|dedo|pierna
		corte|corto|cortar el? rollo|llamada|conversacion
		me corte|corto el dedo|la
		me he cortado el dedo|la
		me cortaste|cortas|cortan la llamada
		contraste|carta de color
		color de la? piel|unas
		pestanas tinte|tintar
		tinte de pestanas|cejas
		balayage|ombre|permanente|keratina|queratina|botox|extensiones|alisado|pestanas
		uñas acrilicas|postizas|esculpidas
		esmalte de uñas
		crema de manos|pies
		corte incluido
		que os pinta
		dia de color`},
	{"HIGHLIGHTS", `
		mechas|mecha|mechitas|mexas|meshas|mehcas|mechas|reflejos|reflejitos|babylights|highlights|rayitos|rayos|iluminaciones|claritos|mechones
		unas|las luces
		mechas balayage|californianas`},
	{"CUT", `
		corte|cortes|cortecito|recorte|cortito de? pelo|cabello|melena|puntas|mujer|senora|chica|flequillo?
		cortar|cortarme|cortarse|cortarnos|cortame|cortarle|corten|cortan|cortais|cortas|cortara|cortara|recortar|recortarme|recorten el|la|las|mi? pelo|cabello|melena|puntas|flequillo?
		me? corto|corta|corte|cortan|cortais el|la|las pelo|cabello|melena|puntas|flequillo
		yo|ella me? corto|corta
		me corte|cortaba nunca|siempre con
		puntas|puntitas|despuntar|despunte|despuntarme|sanear|saneado|flequillo|capas|pelarme|pelada|peluqueada|pelucada
		cortecito|recortito|cortadito
		arreglar|arregle|arreglarme|arreglo el|este|mi flequillo|puntas`},
	{"CUT_MEN", `
		corte|cortes|corto|cortar|cortarme el? pelo? de|para|a|pa? caballero|caballeros|hombre|hombres|chico|chicos|tio|senor|varon|varones|masculino|muchacho|niño|nino|ninos|mi|un? marido|hijo|novio|padre|hermano|viejo|papa|abuelo|hijos
		lo|el corte? de|para caballero|hombre
		corte masculino|caballero|hombre|chico|varon|nino
		degradado|degradadito|desvanecido|rapado|fade|tapper|taper
		rapar|raparme|rapame|rapada
		corte|arreglo de? caballero|hombre
		barberia`},
	{"STYLE", `
		peinado|peinados|peinar|peinarme|peinarse|peinarnos|peinadito|peinen|peines|peine|peinas|peinan|peinais|recogido|recogidos|semirecogido|ondas|trenza|trenzas|tirabuzones|planchado|moño
		me peine|peina|peino
		se|ella|yo me? peina|peino
		pelo|cabello recogido|peinado`},
	{"STYLE_LONG", `
		peinado|peinar|peinarme|peinados|recogido|peinan de? esos? de|para|del|mi|el|con? mi|el|un? pelo|cabello|melena muy? largo|larga
		peinado|peinar|recogido largo
		el? de? pelo largo $
		melena larga`},
	{"BLOW_DRY", `
		secado|secados|secar|secarme|secadito|secan rapido|rapidito|express? del|el|de? pelo?
		sequen|seque|sequeis|secais|seco el|mi? pelo
		me seco|seca|secas|secan
		se seca|seque
		brushing|brushin|blowdry|blower|secador|secador
		lavar y secar|secado`},
	{"OIL_COLOUR", `
		color|tinte|coloracion|baño|bano|brillo|mascarilla de|del|en|con? color? brillo en|de|con|al? aceite
		color|tinte|coloracion en|de|con|al aceite
		color|tinte|coloracion|bano|baño de? brillo
		brillo en|de|con|al aceite
		aceite de color
		el de? aceite|brillo
		gloss`},
	{"COLOUR_FULL", `
		tinte|color|coloracion|tintura completo|completa|entero|entera|total|integral|global
		tinte|color|coloracion|tintura en|por|de toda|todo|entero la|el? cabeza|pelo|melena|cabello?
		teñir|teñirme|tenir|tenirme|tintar|tintarme toda|todo|entera|entero la|el? cabeza|pelo|melena|cabello?
		completa|total de? color|tinte|coloracion`},
	{"OIL_COLOUR|COLOUR_FULL", `
		color|colores|tinte|tintes|tinto|tintarme|tintar|tintura|coloracion|colorear|colorcito|tintecito|teñir|teñirme|teñirse|teñido|tenir|tenirme|tenirse|tenirnos|tinen|teñis|tenis|tenido|tinta|tiña|tina|tiñais|tinte
		tapar|cubrir|cubrirme|taparme|tapan las|mis? canas|raices
		retoque|retocar|retocarme de|la|las|mis? raiz|raices
		hacerme|arreglar|hacer|hazme las|la raices|raiz
		cambio de color`},
	{"CLAY_RICH", `
		mascarilla|mascara|arcilla|barro de|la|con? arcilla|barro? intensiva|rica|enriquecida|intensivo|intensa
		la? arcilla la intensiva|rica
		la intensiva $
		intensiva|rica de arcilla|barro`},
	{"CLAY", `
		mascarilla|mascara|arcilla de|la|con? arcilla? normal|mineral|sencilla|basica|simple|clasica
		arcilla|mascarilla la normal|sencilla|basica|mineral|barata
		arcilla mineral`},
	{"CLAY+CLAY_RICH", `
		arcilla normal|la y|o|vs la? intensiva|rica
		arcilla|arcillas la? normal y|o la? rica|intensiva
		arcilla|arcillas la? rica|intensiva y|o la? normal|otra|sencilla
		las dos arcillas|mascarillas`},
	{"CLAY|CLAY_RICH", `
		mascarilla|mascarillas|mascara|mascarila de|con arcilla|arcila|barro
		arcilla|arcillas|barro
		mascarilla|mascarillas $
		tratamiento de|con arcilla|barro`},
	{"MOISTURE", `
		hidratacion|hidratar|hidratarme|hidratante|hidratado|hidratada|idratacion|hidratasion profunda|capilar|intensa?
		tratamiento hidratante|de hidratacion`},
	{"SCALP_CALM", `
		cuidado|tratamiento|ritual|cosa|el|lo? del|para|de? cuero? cabelludo? calmante|relajante
		calmante|calmar|calme del|para|el? cuero? cabelludo?
		el? tratamiento|cuidado calmante`},
	{"SCALP_FORCE", `
		cuidado|tratamiento|ritual|el|lo? del|para|de? cuero? cabelludo? fortalecedor|fortalecimiento|fortalecer|fortificante|fuerza
		fortalecedor|fortalecer|fortalecerlo|fortaleciente|fortalecimiento|fortificante del|para|el? cuero|pelo? cabelludo?
		anticaida`},
	{"SCALP_CALM|SCALP_FORCE", `
		cuidado|cuidados|tratamiento|tratamientos|ritual del|de|para|en el? cuero cabelludo`},
	{"CONSULT_HAIR", `
		consulta|consultoria|asesoria|asesoramiento|valoracion|diagnostico gratuita|gratis? capilar|del|de|sobre|para|por mi|el|tu? pelo|cabello|capilar|melena?
		consulta|asesoria|asesoramiento gratuita|gratis? capilar|de|para|sobre|del mi|el? pelo|cabello|color|corte|mechas`},
	{"CONSULT_AES", `
		consulta|asesoria|asesoramiento|valoracion|diagnostico gratuita|gratis? estetica|de|sobre|para|facial la|mi? estetica|piel|cara|cutis|belleza|facial?
		consulta|asesoria|asesoramiento gratuita|gratis? estetica|de|para|sobre mi|la? piel|cara|estetica|belleza|cutis|rostro`},
	{"CONSULT_HAIR|CONSULT_AES", `
		consulta|consultas gratuita|gratis
		una consulta $
		^ consulta gratuita|gratis?`},
	{"FACIAL", `
		facial|faciales revitalizante?
		limpieza de cara|cutis|facial|piel|rostro profunda?
		limpieza facial
		tratamiento facial|de cara|rostro
		bioterapia|higiene facial?`},
	{"BROWS", `
		diseno|diseño|depilacion|depilar|depilarme|cera|perfilado|perfilar|perfilarme|arreglar|arreglarme|hacerme|quitarme|arreglo de|las|con? hilo|cera|las|de? cejas|ceja
		cejas|ceja|cejitas con|de? hilo|cera?`},
	{"LIP_WAX", `
		cera|depilacion|depilar|depilarme|depilacion|quitarme|hacerme|depilado|depilo con|de|del|el|en? cera|el|del|en? labio|bigote|bozo|bigotito|bigotillo superior? con? cera?
		labio superior
		bigote|bozo|bigotito|bigotillo con|a? cera?
		cera del|de|en labio|bigote|el
		con|a cera
		labio $`},
	{"GEL_MANI", `
		manicura|manicure|manicuras|manicur|mani|manicuta|manicira|manis semipermanente|gel?
		manicura|manicure|manicuras|manicur|mani en|de|con gel
		uñas|unas|uñitas|uña en|de|con gel
		gel de|en|para las? uñas|manos|las
		gel en|para las? manos
		las|mis|unas|de|hacerme|hacer|para|pa|hacernos|el|sus|nuestras|cita uñas|uñitas|unitas|uña
		uñas|uñitas
		esmaltado|semipermanente|esmalte permanente en|de? gel?
		el gel $
		el? gel de las? manos
		cuidado de manos`},
	{"GEL_PEDI", `
		pedicura|pedicure|pedicuras|pedicur|pedicuta gel?
		pedicura|pedicure|pedicuras|pedi en|de|con gel
		una|la|mi|y|mani pedi
		las? uñas de los? pies
		uñas de los? pies
		gel en|de|para los? pies
		pies en|con gel
		cuidado de pies
		arreglarme|hacerme los pies`},
	{"GEL_MANI+GEL_PEDI", `
		manos y pies en|con gel
		las? manos y los? pies en|con gel
		pies y manos en|con gel
		uñas|gel de|en|para las? manos y de? los? pies
		manipedi|mani y? pedi
		uñas de manos y pies`},
	{"MASSAGE_30", `
		masaje|masajito|masajes|masajico corporal? de|el? media hora|horita
		masaje|masajito|masajes corporal? de|el? 30|treinta minutos|minutitos|min|mins|m?
		masaje|masajito|masajes corporal? el? corto|cortito|corta|pequeño|barato|express
		media hora|horita de masaje|masajito
		30|treinta minutos|min|minutitos de masaje|masajito
		halfhour de masaje
		masaje|masajito|masajes corporal? de|el? halfhour`},
	{"MASSAGE_60", `
		masaje|masajito|masajes corporal? de|el? una|1|la hora|horita
		masaje|masajito|masajes corporal? de|el? hora
		masaje|masajito|masajes corporal? de|el? 60|sesenta minutos|min|mins|m?
		masaje|masajito|masajes corporal? el? largo|larguito|larga|completo
		una|1 hora|horita de masaje|masajito
		hora|horita de masaje
		60|sesenta minutos|min de masaje`},
	{"MASSAGE_30+MASSAGE_60", `
		masaje corto o|y el? largo
		masaje de? 30|media|treinta hora? o|y de? una|60|sesenta hora|minutos|min?
		masaje de? halfhour o|y de? una|60|sesenta hora|minutos|min?
		media hora o una? hora de? masaje
		halfhour o una? hora de? masaje
		30 o|y 60 minutos? de? masaje?`},
	{"MASSAGE_30|MASSAGE_60", `masaje|masajes|masajito|masajico|masages|masage corporal|relajante|de? espalda|cuerpo?`},
	{"MAKEUP", `
		maquillaje|maquillajes|maquillar|maquillarme|maquillarnos|maquillada|maquillarse|maquillais|maquillen|makeup|maquiyaje|makillaje|maquillage|maquilla|maquillan de|para? novia|fiesta|noche|boda?`},
	{"PACK_HC", `
		pack|paquete|oferta|promo|combo completo|ese|esa? de|con? las? mechas mas|y|con|&? el|un? corte
		mechas mas|y|con|&? el|un? corte en|del|de pack|paquete|combo|oferta
		mechas mas|y|con|&? el|un? corte pack|paquete|combo
		pack|paquete|oferta|promo completo|ese|esa? de|con? corte mas|y|con|&? las? mechas
		corte mas|y|con|&? mechas en|del|de|el? pack|paquete|combo|oferta`},
}

// spanishKinds tell services of one name apart.
var spanishKinds = []entry[string]{
	{"OIL_COLOUR", `aceite|brillo|oil|gloss|aceitoso`},
	{"COLOUR_FULL", `completo|completa|entero|entera|total|toda la cabeza|integral`},
	{"CLAY_RICH", `intensiva|rica|intensivo|rico|enriquecida|intensa`},
	{"CLAY", `normal|mineral|sencilla|basica|simple|clasica|barata`},
	{"MASSAGE_30", `
		30|treinta
		media hora|horita
		halfhour
		corto|cortito|corta`},
	{"MASSAGE_60", `
		60|sesenta
		una|1|la hora|horita
		hora|horita $
		largo|larguito|larga`},
	{"SCALP_CALM", `calmante|relajante|suave|calmar`},
	{"SCALP_FORCE", `fortalecedor|fortalecer|fuerza|fuerte`},
	{"CONSULT_HAIR", `pelo|cabello|capilar|melena|corte|color|mechas`},
	{"CONSULT_AES", `estetica|piel|cara|cutis|belleza|facial|rostro`},
	{"STYLE_LONG", `largo|larga`},
}

// spanishKeeps stand before a service that is not meant.
var spanishKeeps = []entry[bool]{
	{true, `
		ni
		deja|dejad|dejame|dejadme|dejen|manten|mantened|mantener|conserva|conservo|dejo|dejando|dejar el|la|las|lo
		no el|la|las|un|una?`},
}
