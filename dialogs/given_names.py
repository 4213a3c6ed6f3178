"""Common Swedish given names, for a warning before a name is sent. Those that are also everyday words are left out."""

_NAMES = """
Aina Agneta Ahmed Albert Alexander Alf Alfred Ali Alice Allan Alma Amanda Amina Anders Andreas Anette Anita Anna
Anne Annika Ann-Marie Arne Aron Arvid Asta Astrid Axel Barbro Bengt Berit Bernt Bertil Birgit Birgitta Birger Bodil
Boris Britta Britt-Marie Börje Camilla Carina Carl Cecilia Charlotte Christer Christina Claes Conny Dagmar Dagny
Daniel David Ebba Edith Edvin Eivor Elin Elisabet Elisabeth Ella Ellen Elsa Elsie Elvira Emil Emma Erik Erika Erland
Ernst Ester Eskil Eva Evert Fatima Filip Folke Fredrik Frida Fritz Gabriel Georg Gerd Gertrud Gösta Greta Gudrun
Gull-Britt Gunborg Gunhild Gunilla Gunnar Gunvor Gurli Gustaf Gustav Göran Göte Hanna Hanne Harald Harriet Harry
Hassan Hedvig Helena Helene Helge Helmer Henning Henrik Henry Herbert Hilda Hilma Hjalmar Holger Hugo Ibrahim Ida
Inez Ingegerd Ingeborg Ingemar Inger Ingrid Ingvar Irene Irma Isabell Ivar Jakob Jenny Jessica Johan Johanna
Johannes John Johnny Jonas Josef Josefin Julia Jörgen Kaj Karin Karl Karl-Erik Karolina Katarina Kent Kerstin Kjell
Klas Knut Kristian Kristina Kurt Lars Lars-Erik Leif Lennart Leo Leopold Lilian Lilly Linnea Linnéa Lisa Lisbeth
Louise Ludvig Magnus Maj-Britt Malin Manfred Margareta Margit Marguerite Maria Marianne Marie Markus Martin Matilda
Mats Mattias Michael Mikael Mohamed Mohammed Monica Monika Moa Mustafa Märta Mårten Nanna Nils Nina Olle Olof Oskar
Oscar Osvald Otto Paul Pauline Peder Per-Erik Peter Petra Pia Ragnar Ragnhild Rikard Robert Roland Rolf Ronny Rune
Sara Signe Sigrid Sigurd Sigvard Simon Siri Sixten Sofia Solveig Sonja Staffan Stefan Stina Susanne Svante Sven
Sven-Erik Svea Sylvia Tage Teresia Tilda Tobias Tommy Torbjörn Tord Torgny Torsten Tove Tyra Ulf Ulla Ulla-Britt
Ulrika Urban Valborg Vendela Verner Viktor Viktoria Vilhelm Vilma Viola Viveka Yngve Yvonne Åke Åsa Östen
"""
GIVEN_NAMES = frozenset(_NAMES.split())
